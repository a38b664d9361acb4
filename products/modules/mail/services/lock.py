"""Locks, and what every change of an entry does."""

from datetime import datetime
from typing import TypeVar

from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from manager.kit.status import transition
from organizations.audit.services import record_audit
from products.inventory.models import Product
from products.inventory.status import RUNNING
from products.modules.mail.addresses import DomainMissing, domain_of, refuse_foreign
from products.modules.mail.errors import EntryLeaving, MailNotRunning
from products.modules.mail.models import Mailbox, MailDomain, MailEntry
from products.modules.mail.operations import make_due
from products.modules.mail.status import TRANSITIONS, EntryStatus

Entry = TypeVar("Entry", bound=MailEntry)


def lock_domain(product: Product) -> str:
    """Return the domain of a product and hold its row: addresses are made one after the other.

    :raises MailNotRunning: the product is not active.
    :raises DomainMissing: it is not called as a domain.
    :raises DomainElsewhere: another organization has registered the domain here.
    """
    if product.status not in RUNNING:
        raise MailNotRunning
    domain = domain_of(product)
    if not domain:
        raise DomainMissing
    refuse_foreign(organization_id=product.organization_id, domain=domain)
    MailDomain.objects.select_for_update().get_or_create(
        organization_id=product.organization_id, product_id=product.pk, defaults={"name": domain}
    )
    return domain


def lock_entry(entry: Entry) -> Entry:
    """Return the entry, locked.

    :raises EntryLeaving: it was deleted.
    """
    entries = type(entry)._default_manager.select_for_update(of=("self",))  # noqa: SLF001  (documented API)
    locked = entries.filter(pk=entry.pk, organization_id=entry.organization_id).first()
    if locked is None or locked.is_leaving:
        raise EntryLeaving
    return locked


def carry_out(entry: MailEntry, at: datetime) -> None:
    """Let the locked entry be carried out as it stands now, and save it."""
    if entry.status != EntryStatus.PENDING:
        transition(entry, EntryStatus.PENDING, TRANSITIONS)
    make_due(entry, at)
    entry.save()
    nudge("mail")


def leave(entry: MailEntry, at: datetime) -> None:
    """Let the locked entry be removed from the servers, after which its row goes."""
    transition(entry, EntryStatus.LEAVING, TRANSITIONS)
    make_due(entry, at)
    entry.save()
    nudge("mail")


def note(entry: MailEntry, what: str, *, actor: Actor, at: datetime, **data: str | int | bool) -> None:
    """Write into the log what was done with a mailbox, an alias or a redirection."""
    noun = "mailbox" if isinstance(entry, Mailbox) else "mail_route"
    record_audit(
        organization_id=entry.organization_id,
        name=f"{noun}.{what}",
        actor=actor,
        at=at,
        subject=entry,
        **data,
    )
