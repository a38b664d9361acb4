"""Which step of an identity check comes next, and what this browser has proved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from accounts.identity.models import IdentityCase
from accounts.identity.status import CaseStatus

PROVED = "identity_case"


def note_phone_proved(request: HttpRequest, case: IdentityCase) -> None:
    """Remember that this browser has given the code sent to the case's number."""
    request.session[PROVED] = case.pk


def has_proved_phone(request: HttpRequest, case: IdentityCase) -> bool:
    """Return whether this browser may see and give answers: the link alone is not enough."""
    return case.phone_proved_at is not None and request.session.get(PROVED) == case.pk


def next_step(case: IdentityCase, *, token: str, has_proved: bool, pages: Collection[str]) -> str:
    """Return the address of the first step that is still to do; `pages` are photographed already."""
    if not has_proved:
        return reverse(
            "accounts:identity_code" if _code_is_sent(case) else "accounts:identity_phone", args=[token]
        )
    if not case.document:
        return reverse("accounts:identity_document", args=[token])
    for page in case.pages:
        if page not in pages:
            return reverse("accounts:identity_photo", args=[token, page])
    return reverse("accounts:identity_send", args=[token])


def _code_is_sent(case: IdentityCase) -> bool:
    return bool(case.code_hash)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case is, for the page that waits on the computer."""

    phone: str
    photographs: str
    sent: str
    decided: str
    taken: int
    wanted: int

    @property
    def goes_on(self) -> bool:
        """Whether the page should look again."""
        return self.decided in {"next", "current"}


def progress_of(case: IdentityCase, *, taken: int, at: datetime) -> Progress:
    """Return the state of each part: `done`, `current`, `next` or `failed`."""
    proved, sent = case.phone_proved_at is not None, case.submitted_at is not None
    ended = case.closed_at is not None or (case.status == CaseStatus.OPEN and not case.is_open(at))
    photographs = "done" if sent else "current" if proved else "next"
    decided = "current" if sent else "next"
    if ended:
        decided = "done" if case.status == CaseStatus.APPROVED else "failed"
    return Progress(
        phone="done" if proved else "current",
        photographs=photographs,
        sent="done" if sent else "next",
        decided=decided,
        taken=taken,
        wanted=len(case.pages),
    )
