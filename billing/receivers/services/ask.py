"""Add an address outside of the members, and ask it whether it wants the messages."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from accounts.sessions.limits import HOUR, take_or_refuse
from accounts.users.addresses import normalize_email
from billing.receivers.errors import NothingToReceive, ReceiverKnown, ReceiverRefuses, TooManyReceivers
from billing.receivers.models import BillingReceiver
from billing.receivers.secrets import seal
from billing.receivers.status import TRANSITIONS, Message, ReceiverStatus
from manager.kit.actor import Actor
from manager.kit.status import transition
from manager.kit.tokens import hash_secret
from manager.outbox.publish import publish
from organizations.access.locks import lock_organization
from organizations.audit.services import record_audit
from organizations.profile.models import Organization

MOST = 20
VALID_FOR = timedelta(days=7)
DAY = 24 * HOUR
ASKED_PER_ORGANIZATION, ASKED_PER_ADDRESS = 40, 4
"""How many mails that ask are sent within a day: by one organization, and to one address by all of them."""


def add_receiver(
    *,
    organization: Organization,
    name: str,
    email: str,
    language: str,
    messages: Collection[str],
    actor: Actor,
    at: datetime,
) -> BillingReceiver:
    """Put an address into the list and mail it a link; it gets nothing before it has confirmed (ORG-11).

    Publishes `billing_receiver.asked`.

    :raises NothingToReceive: no kind of message is chosen.
    :raises ReceiverKnown: the address is in the list.
    :raises ReceiverRefuses: its reader wants no messages of this organization.
    :raises TooManyReceivers: there are 20 already.
    :raises TooManyAttempts: too many mails that ask were sent today.
    :raises OrganizationDeleted: the organization was deleted at this moment.
    """
    chosen = kinds_of(messages)
    email = normalize_email(email)
    with transaction.atomic():
        lock_organization(organization_id=organization.pk)
        mine = BillingReceiver.objects.filter(organization_id=organization.pk)
        known = mine.filter(email=email).first()
        if known is not None:
            raise ReceiverRefuses if known.status == ReceiverStatus.REFUSED else ReceiverKnown
        if mine.filter(removed_at=None).count() >= MOST:
            raise TooManyReceivers
        _count(organization.pk, email)
        row = BillingReceiver(
            organization_id=organization.pk,
            name=name.strip(),
            email=email,
            language=language,
            messages=chosen,
            created_at=at,
        )
        _ask(row, at)
        record_audit(
            organization_id=organization.pk,
            name="billing_receiver.added",
            actor=actor,
            at=at,
            subject=row,
            email=email,
            messages=chosen,
        )
    return row


def ask_receiver(*, receiver: BillingReceiver, actor: Actor, at: datetime) -> BillingReceiver:
    """Mail a new link to an address that has not answered; the one before stops working.

    Publishes `billing_receiver.asked`. One that has confirmed is left as it is.

    :raises ReceiverRefuses: it has answered that it wants no messages.
    :raises TooManyAttempts: too many mails that ask were sent today.
    """
    with transaction.atomic():
        row = lock_receiver(receiver)
        if row.status == ReceiverStatus.REFUSED:
            raise ReceiverRefuses
        if row.status == ReceiverStatus.ACTIVE:
            return row
        _count(row.organization_id, row.email)
        _ask(row, at)
        record_audit(
            organization_id=row.organization_id,
            name="billing_receiver.asked_again",
            actor=actor,
            at=at,
            subject=row,
            email=row.email,
        )
    return row


def kinds_of(messages: Collection[str]) -> list[str]:
    """Return the known kinds among `messages`, in their order.

    :raises NothingToReceive: there is none.
    """
    chosen = [str(kind) for kind in Message if kind in messages]
    if not chosen:
        raise NothingToReceive
    return chosen


def lock_receiver(receiver: BillingReceiver) -> BillingReceiver:
    """Return the row under its lock; in a transaction."""
    return BillingReceiver.objects.select_for_update().get(
        organization_id=receiver.organization_id, pk=receiver.pk
    )


def ask_anew(row: BillingReceiver, at: datetime) -> None:
    """Ask a locked receiver about kinds of messages that it was not asked about; its former yes is over.

    Publishes `billing_receiver.asked`.

    :raises TooManyAttempts: too many mails that ask were sent today.
    """
    _count(row.organization_id, row.email)
    if row.status == ReceiverStatus.ACTIVE:
        transition(row, ReceiverStatus.WAITING, TRANSITIONS)
    row.confirmed_at = None
    _ask(row, at)


def _ask(row: BillingReceiver, at: datetime) -> None:
    row.asked_at, row.expires_at = at, at + VALID_FOR
    seal(row)
    row.save()
    facts = {"receiver": row.pk, "asked_at": at.isoformat()}
    publish("billing_receiver.asked", organization_id=row.organization_id, payload=facts, at=at)


def _count(organization_id: int, email: str) -> None:
    take_or_refuse(
        f"billing-receiver:organization:{organization_id}", limit=ASKED_PER_ORGANIZATION, window_seconds=DAY
    )
    take_or_refuse(
        f"billing-receiver:address:{hash_secret(email)}", limit=ASKED_PER_ADDRESS, window_seconds=DAY
    )
