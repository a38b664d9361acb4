"""The person's answers, step by step: number, code, document, photographs, send (ACC-12)."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.identity.journal import note, tell
from accounts.identity.links import hash_code
from accounts.identity.models import IdentityCase, IdentityImage
from accounts.identity.selectors import lock_case
from accounts.identity.services.refusals import (
    CaseNotOpen,
    CodeRefused,
    ImageTooSmall,
    OtherPhone,
    PhotographsMissing,
)
from accounts.identity.status import LIFE, TRANSITIONS, CaseStatus, Document, Page
from accounts.mfa.services import is_typed_code
from manager.kit.actor import Actor
from manager.kit.encryption import encrypt
from manager.kit.images import Encoding, reencode_image
from manager.kit.status import transition
from manager.outbox.sms import queue_sms

CODE_LIFE = timedelta(minutes=10)
FAILURES_PER_CODE = 5
LARGEST_FILE = 12_000_000
MOST_PIXELS = 40_000_000
# Small print on a document stays legible.
BOX = (2000, 2000)
SHORTEST_SIDE = 400


@transaction.atomic
def send_code(*, case: IdentityCase, phone: str, actor: Actor, at: datetime) -> IdentityCase:
    """Send a code of six digits to `phone` (E.164) by SMS; an earlier code ends.

    :raises CaseNotOpen: see there.
    :raises OtherPhone: the case has a proved number, and this is another one.
    """
    locked = _lock_open(case, at)
    if locked.phone_proved_at is not None and locked.phone != phone:
        raise OtherPhone
    code = f"{secrets.randbelow(1_000_000):06d}"
    locked.phone = phone
    locked.code_hash = hash_code(locked, phone, code)
    locked.code_expires_at = at + CODE_LIFE
    locked.code_failures = 0
    locked.save(update_fields=["phone", "code_hash", "code_expires_at", "code_failures"])
    note(locked, "code_sent", actor=actor, at=at, detail=phone)
    text = _("%(code)s is your code for the identity check of %(brand)s. Please tell it to nobody.")
    queue_sms(
        recipient=phone,
        text=text % {"code": code, "brand": settings.BRAND_NAME},
        dedupe_key=f"identity:{locked.pk}:{at.isoformat()}",
        at=at,
        useless_at=at + CODE_LIFE,
    )
    return locked


def prove_phone(*, case: IdentityCase, code: str, actor: Actor, at: datetime) -> IdentityCase:
    """Check the code that was sent, once; after five wrong tries it is of no use any more.

    :raises CaseNotOpen: see there.
    :raises CodeRefused: wrong, used, too old, or tried too often.
    """
    # The count of failures must survive the refusal, so the transaction ends before it.
    with transaction.atomic():
        locked = _lock_open(case, at)
        is_right = _is_right(locked, code, at)
        counts = is_typed_code(code) and locked.code_hash
        if is_right:
            locked.code_hash = ""
            locked.phone_proved_at = locked.phone_proved_at or at
            locked.save(update_fields=["code_hash", "phone_proved_at"])
            note(locked, "phone_proved", actor=actor, at=at, detail=locked.phone)
        elif counts:
            locked.code_failures += 1
            locked.save(update_fields=["code_failures"])
            note(locked, "code_refused", actor=actor, at=at)
    if not is_right:
        raise CodeRefused
    return locked


@transaction.atomic
def choose_document(*, case: IdentityCase, document: Document, actor: Actor, at: datetime) -> IdentityCase:
    """Note with what the person shows who he or she is; photographs of another document are deleted.

    :raises CaseNotOpen: see there, or the phone is not proved.
    """
    locked = _lock_answerable(case, at)
    locked.document = document
    locked.save(update_fields=["document"])
    locked.images.exclude(page__in=locked.pages).delete()
    note(locked, "document_chosen", actor=actor, at=at, detail=document)
    return locked


@transaction.atomic
def store_image(*, case: IdentityCase, page: Page, data: bytes, actor: Actor, at: datetime) -> IdentityImage:
    """Keep a photograph, written anew and encrypted; an earlier one of the same page goes.

    :raises ImageRefused: no picture, damaged, or too large.
    :raises ImageTooSmall: nobody could read it.
    :raises CaseNotOpen: see there, or the document asks for no such page.
    """
    picture = reencode_image(
        data, max_bytes=LARGEST_FILE, max_pixels=MOST_PIXELS, box=BOX, encoding=Encoding.JPEG
    )
    if min(picture.width, picture.height) < SHORTEST_SIDE:
        raise ImageTooSmall
    locked = _lock_answerable(case, at)
    if page not in locked.pages:
        raise CaseNotOpen
    locked.images.filter(page=page).delete()
    image = IdentityImage(
        case=locked,
        page=page,
        mime_type=picture.mime_type,
        width=picture.width,
        height=picture.height,
        uploaded_at=at,
    )
    image.content = encrypt(picture.data, purpose=image.purpose)
    image.save(force_insert=True)
    note(locked, "photo_stored", actor=actor, at=at, detail=page)
    return image


@transaction.atomic
def submit_case(*, case: IdentityCase, actor: Actor, at: datetime) -> IdentityCase:
    """Send the case to the staff. It ends when its oldest photograph does, after 72 hours.

    :raises CaseNotOpen: see there.
    :raises PhotographsMissing: see there.
    """
    locked = _lock_answerable(case, at)
    present = set(locked.images.values_list("page", flat=True))
    if not locked.pages or present != set(locked.pages):
        raise PhotographsMissing
    oldest = locked.images.aggregate(at=Min("uploaded_at"))["at"]
    transition(locked, CaseStatus.SUBMITTED, TRANSITIONS)
    locked.submitted_at = at
    locked.expires_at = oldest + LIFE
    locked.save(update_fields=["status", "submitted_at", "expires_at"])
    tell(locked, "submitted", actor=actor, at=at)
    return locked


def _is_right(case: IdentityCase, code: str, at: datetime) -> bool:
    if not case.code_hash or case.code_failures >= FAILURES_PER_CODE:
        return False
    if case.code_expires_at is None or at > case.code_expires_at:
        return False
    return constant_time_compare(case.code_hash, hash_code(case, case.phone, code))


def _lock_open(case: IdentityCase, at: datetime) -> IdentityCase:
    locked = lock_case(case.pk)
    if not locked.is_open(at):
        raise CaseNotOpen
    return locked


def _lock_answerable(case: IdentityCase, at: datetime) -> IdentityCase:
    locked = _lock_open(case, at)
    if locked.phone_proved_at is None:
        raise CaseNotOpen
    return locked
