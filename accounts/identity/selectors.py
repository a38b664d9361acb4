"""Questions about identity checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Length

from accounts.identity.links import LONGEST
from accounts.identity.models import IdentityCase, IdentityEntry, IdentityImage
from accounts.identity.status import ACTIVE, LIFE, REVIEW_WITHIN, CaseStatus, Page
from accounts.users.models import User
from manager.kit.errors import NotFound, Text
from manager.kit.keyset import SortKey
from manager.kit.tokens import hash_secret

NEWEST_FIRST = SortKey(F("opened_at"), lambda case: case.opened_at.isoformat(), datetime.fromisoformat)
# A decided case still answers its link, so that the waiting page can tell how it ended.
LINK_ANSWERS = timedelta(days=14)


def find_case_by_token(*, token: str, at: datetime) -> IdentityCase | None:
    """Return the case of a link, also after its end for two weeks, or None."""
    if len(token) > LONGEST:
        return None
    return IdentityCase.objects.filter(token_hash=hash_secret(token), opened_at__gt=at - LINK_ANSWERS).first()


def lock_case(case_id: int) -> IdentityCase:
    """Return the case with its person, its row locked until the transaction ends.

    :raises NotFound: there is none.
    """
    case = IdentityCase.objects.select_for_update(of=("self",)).select_related("user").filter(pk=case_id)
    found = case.first()
    if found is None:
        raise NotFound
    return found


def get_case(*, case_id: int) -> IdentityCase:
    """Return a case for the staff, with its person and who decided.

    :raises NotFound: there is none.
    """
    case = IdentityCase.objects.select_related("user", "decided_by").filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def get_own_case(*, user: User, case_id: int) -> IdentityCase:
    """Return one of the person's cases.

    :raises NotFound: it is another person's, or none.
    """
    case = IdentityCase.objects.filter(user=user, pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def list_own_cases(*, user: User) -> QuerySet[IdentityCase]:
    """Return the person's latest cases, newest first."""
    return IdentityCase.objects.filter(user=user).order_by("-pk")[:10]


def find_stoppable(*, user: User, at: datetime) -> IdentityCase | None:
    """Return the newest case about this account that its owner can still stop, or None."""
    waiting = Q(status__in=ACTIVE, expires_at__gt=at) | Q(status=CaseStatus.APPROVED, done_at=None)
    return IdentityCase.objects.filter(waiting, user=user).order_by("-pk").first()


def list_unfinished(*, user: User) -> list[IdentityCase]:
    """Return the cases about this account that are not closed, or whose effect still waits."""
    unfinished = Q(status__in=ACTIVE) | Q(status=CaseStatus.APPROVED, done_at=None)
    return list(IdentityCase.objects.filter(unfinished, user=user).order_by("pk"))


def lookup_people(contact: str) -> QuerySet[User]:
    """Return whom a typed contact can mean: login, recovery address, or phone number."""
    people = User.objects.filter(is_active=True)
    if not contact:
        return people.none()
    if "@" in contact:
        return people.filter(Q(email=contact) | Q(recovery_email=contact)).order_by("pk")
    return people.filter(phone=contact).order_by("pk")


def list_candidates(case: IdentityCase) -> list[User]:
    """Return whom a case without a known person can be about: by the contact, by the proved number."""
    found = {user.pk: user for user in lookup_people(case.contact)[:20]}
    if case.phone_proved_at is not None:
        found |= {user.pk: user for user in lookup_people(case.phone)[:20]}
    return list(found.values())


def list_cases(*, status: str = "", reason: str = "", search: str = "") -> QuerySet[IdentityCase]:
    """Return cases for the staff, by status, reason, and words in name, login, contact or number."""
    cases = IdentityCase.objects.select_related("user", "decided_by").defer("code_hash", "result_hash")
    if status:
        cases = cases.filter(status=status)
    if reason:
        cases = cases.filter(reason=reason)
    for word in search.split():
        cases = cases.filter(
            Q(contact__icontains=word)
            | Q(phone__icontains=word)
            | Q(user__email__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
        )
    return cases


def count_by_status() -> dict[str, int]:
    """Return how many cases wait for the staff and for people."""
    rows = IdentityCase.objects.filter(status__in=ACTIVE).values_list("status").annotate(Count("pk"))
    return {**dict.fromkeys(ACTIVE, 0), **dict(rows)}


def count_overdue(*, at: datetime) -> int:
    """Return how many cases have waited for the staff for more than a day."""
    waiting = IdentityCase.objects.filter(status=CaseStatus.SUBMITTED)
    return waiting.filter(submitted_at__lte=at - REVIEW_WITHIN).count()


def list_entries(case: IdentityCase) -> QuerySet[IdentityEntry]:
    """Return the case's journal, newest first."""
    return case.entries.order_by("-pk")


def list_pages(case: IdentityCase) -> dict[str, IdentityImage]:
    """Return what has been photographed, by page, without the photographs themselves."""
    return {image.page: image for image in case.images.defer("content")}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A photograph that exists: whose, how large, how old, and whether it should not."""

    case_id: int
    page: str
    size: int
    uploaded_at: datetime
    age: timedelta
    fault: str

    @property
    def label(self) -> Text:
        """What is on the photograph."""
        return Page(self.page).label


def list_stored_files(*, at: datetime) -> list[StoredFile]:
    """Return every photograph that exists at `at`, oldest first; `fault` is `old`, `closed` or empty."""
    rows = (
        IdentityImage.objects.annotate(
            size=Length("content"),
            fault=Case(
                When(uploaded_at__lte=at - LIFE, then=Value("old")),
                When(~Q(case__status__in=ACTIVE), then=Value("closed")),
                default=Value(""),
            ),
        )
        .order_by("uploaded_at", "pk")
        .values_list("case_id", "page", "size", "uploaded_at", "fault")
    )
    return [
        StoredFile(case_id, page, size, uploaded_at, at - uploaded_at, fault)
        for case_id, page, size, uploaded_at, fault in rows
    ]
