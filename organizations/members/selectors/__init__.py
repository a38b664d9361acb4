"""Read members, invitations and contacts."""

from organizations.access.memberships import get_member
from organizations.members.selectors.contacts import (
    Contact,
    contact_of,
    list_administrators,
    list_billing_contacts,
    list_contacts,
    list_representatives,
    phone_of_representatives,
)
from organizations.members.selectors.invitations import (
    KnownAddresses,
    find_known_addresses,
    get_invitation_by_key,
    get_open_invitation,
    list_invitations,
    open_invitations,
)
from organizations.members.selectors.people import (
    BY_JOINING,
    BY_USE,
    MEMBER_ORDERS,
    count_representatives,
    is_only_representative,
    list_latest_memberships,
    list_members,
    list_members_by_id,
    list_memberships_of,
    with_details,
)
from organizations.members.topics import Topic

__all__ = [
    "BY_JOINING",
    "BY_USE",
    "MEMBER_ORDERS",
    "Contact",
    "KnownAddresses",
    "Topic",
    "contact_of",
    "count_representatives",
    "find_known_addresses",
    "get_invitation_by_key",
    "get_member",
    "get_open_invitation",
    "is_only_representative",
    "list_administrators",
    "list_billing_contacts",
    "list_contacts",
    "list_invitations",
    "list_latest_memberships",
    "list_members",
    "list_members_by_id",
    "list_memberships_of",
    "list_representatives",
    "open_invitations",
    "phone_of_representatives",
    "with_details",
]
