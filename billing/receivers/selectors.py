"""Who gets an organization's billing messages: members by their topics, and addresses outside (ORG-11)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from billing.receivers.models import BillingReceiver
from billing.receivers.secrets import stop_key
from billing.receivers.status import ReceiverStatus
from manager.kit.errors import NotFound
from manager.kit.tokens import hash_secret
from organizations.members.selectors import Topic, list_contacts
from organizations.profile.models import Organization


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets a billing message. `key` tells receivers of one event apart.

    `stop_path` is where an address outside of the members refuses further ones, "" for a member. A mail to
    it has amounts and documents, and no link but this one.
    """

    key: str
    name: str
    email: str
    language: str
    stop_path: str = ""


def list_receivers(
    *, organization_id: int, message: str | None, topic: str = Topic.BILLING
) -> list[Receiver]:
    """Return who gets a billing message of that kind: members who have the `topic`, then confirmed addresses.

    An address that is also a receiving member's gets one mail, the member's. With None, members only: for
    what asks somebody to act.
    """
    contacts = list_contacts(organization_id=organization_id, topic=topic)
    inside = [
        Receiver(str(contact.user_id), contact.name, contact.email, contact.language) for contact in contacts
    ]
    if message is None:
        return inside
    known = {receiver.email.lower() for receiver in inside}
    rows = BillingReceiver.objects.filter(
        organization_id=organization_id, status=ReceiverStatus.ACTIVE, messages__contains=[message]
    ).order_by("id")
    return inside + [_outside(row) for row in rows if row.email.lower() not in known]


def _outside(row: BillingReceiver) -> Receiver:
    path = reverse("billing:answer_receiver", args=[stop_key(row)])
    return Receiver(f"outside-{row.pk}", row.name, row.email, row.language, path)


def find_receivers(
    *, organization: Organization, status: str = "", search: str = ""
) -> QuerySet[BillingReceiver]:
    """Return the addresses in the organization's list, by name; of one status, holding `search`, or all."""
    rows = BillingReceiver.objects.filter(organization_id=organization.pk, removed_at=None)
    if status:
        rows = rows.filter(status=status)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(email__icontains=search))
    return rows.order_by("name", "id")


def get_receiver(*, organization: Organization, receiver_id: int) -> BillingReceiver:
    """Return one address of the list.

    :raises NotFound: the organization has none of that id.
    """
    row = find_receivers(organization=organization).filter(pk=receiver_id).first()
    if row is None:
        raise NotFound
    return row


def find_by_secret(*, organization_id: int, secret: str) -> BillingReceiver:
    """Return the receiver of a mailed link, in the scope of the organization that the link names.

    :raises NotFound: there is none, or it was removed; nobody learns which.
    """
    secret_hash = hash_secret(secret)
    row = (
        BillingReceiver.objects.select_related("organization")
        .filter(Q(token_hash=secret_hash) | Q(stop_hash=secret_hash), organization_id=organization_id)
        .first()
    )
    if row is None or row.organization.deleted_at is not None:
        raise NotFound
    return row
