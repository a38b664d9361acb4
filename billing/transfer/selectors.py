"""Read where the operator takes transfers."""

from billing.profiles.models import LegalEntity
from billing.transfer.models import SellerAccount


def get_seller_account(*, legal_entity: LegalEntity, currency: str) -> SellerAccount | None:
    """Return the account on which `legal_entity` takes transfers in `currency`, if it has one (BIL-17)."""
    accounts = SellerAccount.objects.select_related("legal_entity")
    return accounts.filter(legal_entity=legal_entity, currency=currency).first()


def takes_transfers(*, legal_entity: LegalEntity, currency: str) -> bool:
    """Say whether `legal_entity` can be paid by transfer in `currency` (BIL-3)."""
    return SellerAccount.objects.filter(legal_entity=legal_entity, currency=currency).exists()
