"""Read withdrawals: an organization's, and all of them for staff."""

from django.db.models import Q, QuerySet

from billing.withdrawals.models import PayoutBatch, Withdrawal
from billing.withdrawals.status import OPEN, WithdrawalStatus
from manager.kit.errors import NotFound
from manager.kit.ids import parse_id
from organizations.profile.models import Organization


def list_withdrawals(*, organization: Organization) -> QuerySet[Withdrawal]:
    """Return an organization's withdrawals."""
    return Withdrawal.objects.filter(organization_id=organization.pk)


def get_withdrawal(*, organization: Organization, withdrawal_id: int) -> Withdrawal:
    """Return one withdrawal of an organization.

    :raises NotFound: it has none of that id.
    """
    found = list_withdrawals(organization=organization).filter(pk=withdrawal_id).first()
    if found is None:
        raise NotFound
    return found


def count_requested() -> int:
    """Return how many withdrawals wait for an approval of the staff."""
    return Withdrawal.objects.using("system").filter(status=WithdrawalStatus.REQUESTED).count()


def list_withdrawals_of_all(*, search: str = "", status: str = "") -> QuerySet[Withdrawal]:
    """Return the withdrawals of all organizations.

    `search` is a number (`W12`), or a part of a name or of an account.
    """
    rows = Withdrawal.objects.using("system").select_related("organization", "batch")
    if status == "open":
        rows = rows.filter(status__in=sorted(OPEN))
    elif status in WithdrawalStatus.values:
        rows = rows.filter(status=status)
    if search:
        compact = "".join(search.split())
        number = parse_id(compact.removeprefix("W").removeprefix("w"))
        rows = rows.filter(
            Q(pk=number or 0)
            | Q(organization__name__icontains=search)
            | Q(holder__icontains=search)
            | Q(iban__icontains=compact)
            | Q(paypal__icontains=search)
        )
    return rows


def find_withdrawals(*, ids: list[int]) -> list[Withdrawal]:
    """Return those of the ids that exist, of all organizations, oldest first."""
    rows = Withdrawal.objects.using("system").select_related("organization")
    return list(rows.filter(pk__in=ids).order_by("pk"))


def list_batches() -> list[PayoutBatch]:
    """Return the twenty newest files."""
    return list(PayoutBatch.objects.order_by("-id")[:20])


def get_batch(*, batch_id: int) -> tuple[PayoutBatch, list[Withdrawal]]:
    """Return a file with its withdrawals, oldest first.

    :raises NotFound: there is none.
    """
    batch = PayoutBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    rows = Withdrawal.objects.using("system").select_related("organization").filter(batch_id=batch.pk)
    return batch, list(rows.order_by("pk"))
