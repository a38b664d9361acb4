"""The identity checks' part of the periodic work."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.identity.models import IdentityCase, IdentityImage
from accounts.identity.services import carry_out, delete_files_of, expire_case, forget_contact
from accounts.identity.services.files import due_for_deletion
from accounts.identity.status import ACTIVE, CaseStatus
from manager.kit.actor import Actor

BATCH = 200
# What a person typed into a closed case is kept for questions, then removed.
CONTACT_KEPT = timedelta(days=180)


def drain_identity(*, at: datetime) -> int:
    """End the cases whose time is over, carry out approvals whose delay is; return how many of both."""
    actor = Actor.system("identity")
    overdue = IdentityCase.objects.filter(status__in=ACTIVE, expires_at__lte=at)
    due = IdentityCase.objects.filter(status=CaseStatus.APPROVED, done_at=None, effective_at__lte=at)
    expired = sum(expire_case(case_id=pk, actor=actor, at=at) for pk in _ids(overdue))
    carried_out = sum(carry_out(case_id=pk, actor=actor, at=at) for pk in _ids(due))
    return expired + carried_out


def drain_identity_files(*, at: datetime) -> int:
    """Delete every photograph that is 72 hours old or of a closed case, whatever left it there."""
    actor = Actor.system("identity-files")
    cases = IdentityImage.objects.filter(due_for_deletion(at)).order_by("case_id")
    ids = list(cases.values_list("case_id", flat=True).distinct()[:BATCH])
    deleted = sum(delete_files_of(case_id=pk, actor=actor, at=at) for pk in ids)
    old = IdentityCase.objects.filter(closed_at__lte=at - CONTACT_KEPT).exclude(contact="", phone="")
    for pk in _ids(old):
        forget_contact(case_id=pk)
    return deleted


def _ids(cases: QuerySet[IdentityCase]) -> list[int]:
    return list(cases.order_by("pk").values_list("pk", flat=True)[:BATCH])
