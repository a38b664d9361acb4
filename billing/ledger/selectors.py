"""Read balances and movements."""

from django.db.models import QuerySet

from billing.ledger.models import Account, AccountKind, Entry
from manager.kit.money import Money
from organizations.profile.models import Organization


def get_balance(*, organization: Organization, kind: AccountKind, currency: str) -> Money:
    """Return the balance of an account, zero where it has none yet. Credit is positive."""
    balance = (
        Account.objects.filter(organization_id=organization.pk, kind=kind, currency=currency)
        .values_list("balance", flat=True)
        .first()
    )
    return Money(balance or 0, currency)


def list_movements(
    *, organization: Organization, kind: AccountKind, currency: str, after: int | None = None
) -> QuerySet[Entry]:
    """Return an account's entries with their journals, newest first, those before the entry `after`."""
    entries = Entry.objects.filter(
        organization_id=organization.pk, account__kind=kind, account__currency=currency
    ).select_related("journal")
    if after is not None:
        entries = entries.filter(pk__lt=after)
    return entries.order_by("-id")
