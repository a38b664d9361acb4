"""The verbs of a transfer."""

from products.transfer.services.accept import accept_transfer
from products.transfer.services.answer import expire_transfer, refuse_transfer, withdraw_transfer
from products.transfer.services.offer import offer_transfer

__all__ = ["accept_transfer", "expire_transfer", "offer_transfer", "refuse_transfer", "withdraw_transfer"]
