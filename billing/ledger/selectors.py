"""Read balances."""

from billing.ledger.models import Account, AccountKind
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
