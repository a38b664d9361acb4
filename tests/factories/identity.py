"""Identity checks at every stage, made by their verbs, and staff who have come in."""

import io
import re
from datetime import datetime
from itertools import count

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from accounts.identity.links import token_of
from accounts.identity.models import IdentityCase
from accounts.identity.selectors import get_case
from accounts.identity.services import (
    choose_document,
    open_case,
    prove_phone,
    send_code,
    store_image,
    submit_case,
)
from accounts.identity.status import Document, Page, Reason
from accounts.staff.services import grant_staff
from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind
from manager.outbox.models import OutgoingSms
from tests.factories.cast import client_of
from tests.factories.people import present, register, visitor

NUMBER = "+41791234567"
REVIEW, SEE_STAFF = "accounts.review_identity", "accounts.see_staff"

_numbers = count(1)


def picture(width: int = 900, height: int = 600, *, kind: str = "JPEG", colour: str = "teal") -> bytes:
    """Return the file of a plain picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


def staff_actor(user: User) -> Actor:
    """Return a member of the staff as the author of a change."""
    return Actor(ActorKind.STAFF, user.pk, user.name, address="192.0.2.9")


def make_staff(*rights: str) -> User:
    """Return a new member of the staff."""
    user = register(email=f"staff-{next(_numbers)}@example.org", first_name="Nora", last_name="Frei")
    return grant_staff(user=user, rights=rights, actor=Actor.system("test"), at=present())


def staff_client(user: User) -> Client:
    """Return a browser in which a member of the staff has signed in with a second factor."""
    client = client_of(user)
    device = TOTPDevice.objects.create(user=user, name="app", confirmed=True)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


def open_for(
    user: User | None,
    reason: Reason = Reason.LOST_PASSWORD,
    *,
    contact: str = "",
    at: datetime | None = None,
    actor: Actor | None = None,
) -> IdentityCase:
    """Return a new case."""
    case, _ = open_case(
        user=user, reason=reason, contact=contact, actor=actor or visitor(), at=at or present()
    )
    return case


def sent_code(number: str = NUMBER) -> str:
    """Return the code in the latest text message to a number."""
    text = OutgoingSms.objects.filter(recipient=number).order_by("-pk").values_list("text", flat=True)[0]
    found = re.search(r"\b\d{6}\b", text)
    assert found, text
    return found[0]


def prove(case: IdentityCase, *, number: str = NUMBER, at: datetime | None = None) -> IdentityCase:
    """Give the number and its code."""
    at = at or present()
    send_code(case=case, phone=number, actor=visitor(), at=at)
    return prove_phone(case=case, code=sent_code(number), actor=visitor(), at=at)


def photograph(
    case: IdentityCase, document: Document = Document.PASSPORT, *, at: datetime | None = None
) -> IdentityCase:
    """Give everything but the sending."""
    at = at or present()
    prove(case, at=at)
    chosen = choose_document(case=case, document=document, actor=visitor(), at=at)
    for page in chosen.pages:
        store_image(case=case, page=Page(page), data=picture(), actor=visitor(), at=at)
    return get_case(case_id=case.pk)


def submitted(
    user: User | None = None,
    reason: Reason = Reason.LOST_PASSWORD,
    *,
    contact: str = "",
    at: datetime | None = None,
) -> IdentityCase:
    """Return a case that waits for the staff; about a new person unless told."""
    if user is None and not contact:
        user = register()
    case = open_for(user, reason, contact=contact, at=at)
    photograph(case, at=at)
    return submit_case(case=case, actor=visitor(), at=at or present())


def token(case: IdentityCase) -> str:
    """Return what the case's link carries."""
    return token_of(case)
