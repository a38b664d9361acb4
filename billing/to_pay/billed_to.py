"""Whom a selection is billed to: the chosen address, else the one fixed for what is in it (BIL-2, BIL-8)."""

from collections.abc import Collection

from billing.profiles.party import Party
from billing.profiles.selectors import common_address, get_address, party_of
from organizations.profile.models import Organization


def buyer_of(
    *,
    organization: Organization,
    address_id: int | None,
    product_ids: Collection[int],
    drafts: Collection[int | None] = (),
) -> Party:
    """Return whom the one invoice over a selection is for; see `common_address` where none is chosen.

    :raises NotFound: the address is none of the organization's.
    """
    if address_id is None:
        return common_address(organization=organization, product_ids=product_ids, drafts=drafts)
    return party_of(get_address(organization=organization, address_id=address_id), organization=organization)
