"""Balance of a disputed top-up: it stays on the account until that is decided for us (BIL-7, BIL-14).

Nobody can say which franc of a balance is which. So the part counts as there as long as the account holds as
much: the rest is paid out, and invoices are paid from all of it.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet, Sum

from billing.disputes.models import Dispute
from billing.disputes.status import DisputeStatus
from billing.ledger.models import Account, AccountKind
from billing.payments.models import Purpose
from billing.withdrawals.models import Withdrawal
from billing.withdrawals.status import NOT_SENT
from manager.kit.money import Money
from organizations.profile.models import Organization


def _disputes(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """Return those over charges that became balance, unless they were decided for us."""
    became_balance = Q(attempt__purpose=Purpose.TOP_UP) | Q(attempt__is_credited=True)
    return rows.filter(became_balance).exclude(status=DisputeStatus.WON)


def disputed_sum(*, organization: Organization, currency: str) -> Money:
    """Return what disputed top-ups put on the prepaid account, VAT has no part in it; minor units."""
    rows = _disputes(Dispute.objects.filter(organization_id=organization.pk, currency=currency))
    return Money(rows.aggregate(sum=Sum("amount"))["sum"] or 0, currency)


def disputed_balance(*, organization: Organization, balance: Money) -> Money:
    """Return the part of `balance` that cannot be paid out."""
    disputed = disputed_sum(organization=organization, currency=balance.currency)
    return min(disputed, balance)


def is_held_back(row: Withdrawal) -> bool:
    """Return whether the withdrawal takes money of a disputed top-up out, in the organization's scope.

    What is on the account, and what was asked for besides and is not sent yet, covers the dispute first. The
    caller holds the locks of the accounts.
    """
    disputed = disputed_sum(organization=row.organization, currency=row.currency)
    if not disputed:
        return False
    owner = row.organization_id
    account = Account.objects.filter(
        organization_id=owner, currency=row.currency, kind=AccountKind.PREPAID
    ).first()
    others = Withdrawal.objects.filter(organization_id=owner, currency=row.currency, status__in=NOT_SENT)
    asked: int = others.exclude(pk=row.pk).aggregate(sum=Sum("amount"))["sum"] or 0
    return (account.balance if account is not None else 0) + asked < disputed.amount


def mark_disputed(rows: Iterable[Withdrawal]) -> dict[int, Money]:
    """Return, for withdrawals that are not sent, what of their organization's top-ups is disputed."""
    waiting = [row for row in rows if row.status in NOT_SENT]
    everywhere = Dispute.objects.using("system").filter(
        organization_id__in={row.organization_id for row in waiting}
    )
    sums = {
        (one["organization_id"], one["currency"]): one["sum"]
        for one in _disputes(everywhere).values("organization_id", "currency").annotate(sum=Sum("amount"))
    }
    return {
        row.pk: Money(sums[row.organization_id, row.currency], row.currency)
        for row in waiting
        if (row.organization_id, row.currency) in sums
    }
