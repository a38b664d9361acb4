"""The operator's side of the demonstration: somebody of the staff, and an identity check that waits."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from accounts.identity.models import IdentityCase
from accounts.identity.selectors import get_case
from accounts.identity.services import choose_document, open_case, store_image, submit_case
from accounts.identity.status import Document, Page, Reason
from accounts.sessions.staff import list_rights
from accounts.sms.models import SmsFactor
from accounts.staff.services import grant_staff
from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind

STAFF = "nora"
WAITING = "peter"
CARD, SELFIE = (1280, 810), (900, 1200)
PAPER, INK, SKIN, CLOTH = "#e8eef5", "#24364d", "#d8b59a", "#5b7794"


def set_up_staff(*, users: Mapping[str, User], at: datetime) -> None:
    """Give the operator's person all rights, and a number that gets codes: they land in the inbox."""
    user = users[STAFF]
    grant_staff(user=user, rights=list(list_rights()), actor=Actor.system("demonstration"), at=at)
    SmsFactor.objects.create(user=user, phone=user.phone, name="Work phone", confirmed=True)


def leave_identity_check(*, users: Mapping[str, User], at: datetime) -> None:
    """Leave a check of somebody who lost the mailbox, for the staff to review."""
    user, begun = users[WAITING], at - timedelta(minutes=40)
    visitor = Actor(ActorKind.VISITOR, address="192.0.2.44")
    case, _token = open_case(user=user, reason=Reason.LOST_PASSWORD, actor=visitor, at=begun)
    IdentityCase.objects.filter(pk=case.pk).update(
        contact=user.email, phone=user.phone, phone_proved_at=begun + timedelta(minutes=2)
    )
    choose_document(case=case, document=Document.IDENTITY_CARD, actor=visitor, at=begun)
    pictures = {Page.FRONT: _front(user), Page.BACK: _back(), Page.SELFIE: _portrait(SELFIE)}
    for page, picture in pictures.items():
        taken = begun + timedelta(minutes=5)
        store_image(case=case, page=page, data=_as_jpeg(picture), actor=visitor, at=taken)
    submit_case(case=get_case(case_id=case.pk), actor=visitor, at=begun + timedelta(minutes=8))


def _front(user: User) -> Image.Image:
    card = Image.new("RGB", CARD, PAPER)
    pen = ImageDraw.Draw(card)
    pen.rounded_rectangle((24, 24, CARD[0] - 24, CARD[1] - 24), radius=36, outline=INK, width=5)
    card.paste(_portrait((320, 420)), (80, 200))
    lines = ("IDENTITY CARD", "", user.last_name.upper(), user.first_name, "12.04.1979", "SPECIMEN C0000000")
    for number, line in enumerate(lines):
        pen.text((460, 90 + 95 * number), line, fill=INK, font_size=64 if number == 0 else 52)
    return card


def _back() -> Image.Image:
    card = Image.new("RGB", CARD, PAPER)
    pen = ImageDraw.Draw(card)
    pen.rounded_rectangle((24, 24, CARD[0] - 24, CARD[1] - 24), radius=36, outline=INK, width=5)
    lines = (
        "IDSPECIMEN0000000<<<<<<<<<<<<<",
        "7904128M3504126UTO<<<<<<<<<<<4",
        "GRAF<<PETER<<<<<<<<<<<<<<<<<<<",
    )
    for number, line in enumerate(lines):
        pen.text((70, 500 + 80 * number), line, fill=INK, font_size=56)
    return card


def _portrait(size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", size, "#c9d6e2")
    pen = ImageDraw.Draw(picture)
    width, height = size
    pen.ellipse((-width * 0.05, height * 0.68, width * 1.05, height * 1.6), fill=CLOTH)
    pen.ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.68), fill=SKIN)
    pen.chord((width * 0.27, height * 0.14, width * 0.73, height * 0.55), 180, 360, fill=INK)
    return picture


def _as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
