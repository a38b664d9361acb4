"""Offers of products for tests, made by their verbs."""

from datetime import datetime

from organizations.profile.models import Organization
from products.inventory.models import Product
from products.transfer.models import Transfer
from products.transfer.secrets import transfer_key
from products.transfer.services import accept_transfer, offer_transfer
from tests.factories.members import actor_of, first_representative
from tests.factories.products import BEGIN


def offer(product: Product, *, recipient: Organization | None = None, at: datetime = BEGIN) -> Transfer:
    """Return an offer that a legal representative of the product's organization made."""
    leader = first_representative(product.organization).user
    return offer_transfer(
        product=product, recipient=recipient, user_id=leader.pk, actor=actor_of(leader), at=at
    )


def accept(transfer: Transfer, recipient: Organization, *, at: datetime = BEGIN) -> Product:
    """Return the product, accepted by a legal representative of `recipient`."""
    leader = first_representative(recipient).user
    return accept_transfer(key=transfer_key(transfer), recipient=recipient, actor=actor_of(leader), at=at)
