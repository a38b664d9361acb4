"""Read offers: one's own, and the one that a link names."""

from django.db.models import QuerySet

from manager.kit.errors import NotFound
from manager.kit.keyset import NEWEST, Page, paginate
from manager.kit.scope import tenant_scope
from manager.kit.tokens import hash_secret, split_key
from organizations.profile.models import Organization
from products.transfer.models import Transfer
from products.transfer.status import TransferStatus


def find_transfers(*, organization: Organization, status: str = "", search: str = "") -> QuerySet[Transfer]:
    """Return the offers that the organization made, by status and a part of a name."""
    offers = Transfer.objects.filter(organization_id=organization.pk)
    if status in TransferStatus.values:
        offers = offers.filter(status=status)
    for word in search.split():
        offers = offers.filter(product_name__icontains=word)
    return offers


def list_transfers(
    *, organization: Organization, status: str = "", search: str = "", after: str = "", before: str = ""
) -> Page[Transfer]:
    """Return a page of `find_transfers`, newest first.

    :raises CursorInvalid: a cursor was not made here.
    """
    found = find_transfers(organization=organization, status=status, search=search)
    return paginate(
        found.select_related("offered_by"), key=NEWEST, descending=True, after=after, before=before
    )


def get_transfer(*, organization: Organization, transfer_id: int) -> Transfer:
    """Return one offer of the organization.

    :raises NotFound: it made none of that id.
    """
    transfer = Transfer.objects.filter(organization_id=organization.pk, pk=transfer_id).first()
    if transfer is None:
        raise NotFound
    return transfer


def find_open_transfer(*, organization: Organization, product_id: int) -> Transfer | None:
    """Return the offer under which the product stands, or None."""
    return Transfer.objects.filter(
        organization_id=organization.pk, product_id=product_id, status=TransferStatus.OFFERED
    ).first()


def get_transfer_by_key(*, key: str) -> Transfer:
    """Return the offer that a link's key names, with its product's plan and the giving organization.

    :raises NotFound: the key is wrong.
    """
    parts = split_key(key)
    if parts is None:
        raise NotFound
    organization_id, secret = parts
    with tenant_scope(organization_id, 0):
        transfer = (
            Transfer.objects.select_related("organization", "offered_by")
            .filter(organization_id=organization_id, token_hash=hash_secret(secret))
            .first()
        )
    if transfer is None:
        raise NotFound
    return transfer
