"""Change what a receiver gets, and remove receivers."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from billing.receivers.errors import ReceiverRefuses
from billing.receivers.models import BillingReceiver
from billing.receivers.services.ask import ask_anew, kinds_of, lock_receiver
from billing.receivers.status import ReceiverStatus
from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from organizations.audit.services import record_audit
from organizations.profile.models import Organization


@transaction.atomic
def change_receiver(
    *,
    receiver: BillingReceiver,
    name: str,
    language: str,
    messages: Collection[str],
    actor: Actor,
    at: datetime,
) -> BillingReceiver:
    """Change name, language and kinds of messages; another address is another receiver.

    A kind more than its reader was asked about is asked about: until the answer it gets nothing.

    :raises NothingToReceive: no kind of message is chosen.
    :raises ReceiverRefuses: its reader wants no messages, and more are chosen.
    :raises TooManyAttempts: too many mails that ask were sent today.
    """
    chosen = kinds_of(messages)
    row = lock_receiver(receiver)
    gets_more = not set(chosen) <= set(row.messages)
    if gets_more and row.status == ReceiverStatus.REFUSED:
        raise ReceiverRefuses
    row.name, row.language, row.messages = name.strip(), language, chosen
    row.save(update_fields=["name", "language", "messages"])
    if gets_more:
        ask_anew(row, at)
    record_audit(
        organization_id=row.organization_id,
        name="billing_receiver.changed",
        actor=actor,
        at=at,
        subject=row,
        email=row.email,
        messages=chosen,
    )
    return row


@transaction.atomic
def remove_receivers(
    *, organization: Organization, receiver_ids: Collection[int], actor: Actor, at: datetime
) -> list[str]:
    """Take addresses from the list, all of them or none; return them. Their links stop working.

    Of one that wants no messages it stays written that it is not asked again.

    :raises NotFound: none is named, or one of them is not in the organization's list.
    """
    rows = list(
        BillingReceiver.objects.select_for_update()
        .filter(organization_id=organization.pk, pk__in=receiver_ids, removed_at=None)
        .order_by("pk")
    )
    if not rows or len(rows) != len(set(receiver_ids)):
        raise NotFound
    for row in rows:
        record_audit(
            organization_id=organization.pk,
            name="billing_receiver.removed",
            actor=actor,
            at=at,
            subject=row,
            email=row.email,
        )
        if row.status == ReceiverStatus.REFUSED:
            row.removed_at = at
            row.save(update_fields=["removed_at"])
        else:
            row.delete()
    return [row.email for row in rows]


def forget_receivers(*, organization_id: int) -> None:
    """Delete all receivers of an organization that was deleted: nothing is sent in its name any more."""
    BillingReceiver.objects.filter(organization_id=organization_id).delete()
