"""Delete mailboxes (MAIL-1, ACC-13)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from manager.kit.actor import Actor
from manager.outbox.publish import publish
from products.modules.mail.addresses import is_proved
from products.modules.mail.models import Mailbox, MailRoute
from products.modules.mail.services.lock import leave, lock_entry, note
from products.modules.mail.status import EntryStatus


@transaction.atomic
def delete_mailboxes(*, mailboxes: Sequence[Mailbox], actor: Actor, at: datetime) -> list[Mailbox]:
    """Delete mailboxes with their mail, aliases and redirections; the driver follows (MAIL-1).

    Publishes `mailbox.removed` for each, and `mailbox.deleted` where the organization has the domain
    registered here: who signs in with the address gets a temporary login then (ACC-13).

    :raises EntryLeaving: one of them was deleted already.
    """
    return [_delete(mailbox, actor, at) for mailbox in sorted(mailboxes, key=lambda one: one.pk)]


def _delete(mailbox: Mailbox, actor: Actor, at: datetime) -> Mailbox:
    mailbox = lock_entry(mailbox)
    own = MailRoute.objects.select_for_update(of=("self",)).filter(organization_id=mailbox.organization_id)
    for route in own.filter(Q(mailbox_id=mailbox.pk) | Q(address=mailbox.address)).order_by("pk"):
        if route.status != EntryStatus.LEAVING:
            leave(route, at)
    leave(mailbox, at)
    note(mailbox, "deleted", actor=actor, at=at)
    tell_removed(mailbox, actor=actor, at=at)
    return mailbox


def tell_removed(mailbox: Mailbox, *, actor: Actor, at: datetime, ended_at: datetime | None = None) -> None:
    """Publish that a mailbox has gone; the contacts are told of it unless it went with its product.

    `ended_at` is when that product ended.
    """
    organization_id, address = mailbox.organization_id, mailbox.address
    payload = {"mailbox": mailbox.pk, "product": mailbox.product_id, "address": address}
    if ended_at is None:
        told = {**payload, "by_name": actor.name}
        publish("mailbox.removed", organization_id=organization_id, payload=told, at=at)
    domain = address.rpartition("@")[2]
    if is_proved(organization_id=organization_id, domain=domain, ended_at=ended_at):
        publish("mailbox.deleted", organization_id=organization_id, payload=payload, at=at)
