"""Aliases and redirections (MAIL-1)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from products.inventory.models import Product
from products.modules.mail.addresses import AddressInvalid, build_address, clean_target
from products.modules.mail.errors import (
    AddressTaken,
    CopyNeedsMailbox,
    MailboxNotFound,
    NotThisKind,
    RouteLoops,
)
from products.modules.mail.models import Mailbox, MailRoute
from products.modules.mail.services.lock import carry_out, leave, lock_domain, lock_entry, note
from products.modules.mail.status import EntryStatus, RouteKind

MOST_TARGETS = 20


@transaction.atomic
def create_alias(*, product: Product, name: str, mailbox: Mailbox, actor: Actor, at: datetime) -> MailRoute:
    """Let another address of the domain deliver into a mailbox of the product.

    :raises AddressInvalid: `name` cannot stand before the @.
    :raises AddressTaken: a mailbox or another route has the address.
    :raises MailboxNotFound: the mailbox is another product's.
    :raises EntryLeaving: it was deleted.
    """
    domain = lock_domain(product)
    mailbox = lock_entry(mailbox)
    if mailbox.product_id != product.pk:
        raise MailboxNotFound
    address = build_address(name, domain)
    if _has_mailbox(product, address):
        raise AddressTaken
    route = _make(product, address, at, kind=RouteKind.ALIAS, mailbox=mailbox)
    note(route, "created", actor=actor, at=at, kind=route.kind, to=mailbox.address)
    return route


@transaction.atomic
def create_redirection(
    *,
    product: Product,
    name: str,
    targets: Sequence[str],
    keeps_copy: bool = False,
    actor: Actor,
    at: datetime,
) -> MailRoute:
    """Send what comes to an address of the domain on to other addresses, anywhere.

    :raises AddressInvalid: `name` or a target is no address, or there are none or more than 20.
    :raises AddressTaken: another route has the address.
    :raises CopyNeedsMailbox: a copy is wanted and the address has no mailbox.
    :raises RouteLoops: a target leads back to the address.
    """
    domain = lock_domain(product)
    address = build_address(name, domain)
    wanted = _check_targets(product, address, targets, keeps_copy)
    route = _make(product, address, at, kind=RouteKind.REDIRECTION, targets=wanted, keeps_copy=keeps_copy)
    note(route, "created", actor=actor, at=at, kind=route.kind, to=", ".join(wanted)[:500])
    return route


@transaction.atomic
def change_alias(
    *, product: Product, route: MailRoute, mailbox: Mailbox, actor: Actor, at: datetime
) -> MailRoute:
    """Let an alias deliver into another mailbox of the product.

    :raises NotThisKind: it is a redirection.
    :raises MailboxNotFound: the mailbox is another product's.
    :raises EntryLeaving: the alias or the mailbox was deleted.
    """
    lock_domain(product)
    mailbox, route = lock_entry(mailbox), _lock(route, RouteKind.ALIAS)
    if mailbox.product_id != product.pk:
        raise MailboxNotFound
    route.mailbox = mailbox
    carry_out(route, at)
    note(route, "changed", actor=actor, at=at, kind=route.kind, to=mailbox.address)
    return route


@transaction.atomic
def change_redirection(
    *,
    product: Product,
    route: MailRoute,
    targets: Sequence[str],
    keeps_copy: bool,
    actor: Actor,
    at: datetime,
) -> MailRoute:
    """Send what comes to the address of a redirection on to other addresses than before.

    :raises NotThisKind: it is an alias.
    :raises AddressInvalid: a target is no address, or there are none or more than 20.
    :raises CopyNeedsMailbox: a copy is wanted and the address has no mailbox.
    :raises RouteLoops: a target leads back to the address.
    :raises EntryLeaving: it was deleted.
    """
    lock_domain(product)
    route = _lock(route, RouteKind.REDIRECTION)
    wanted = _check_targets(product, route.address, targets, keeps_copy)
    route.targets, route.keeps_copy = wanted, keeps_copy
    carry_out(route, at)
    note(route, "changed", actor=actor, at=at, kind=route.kind, to=", ".join(wanted)[:500])
    return route


@transaction.atomic
def delete_route(*, route: MailRoute, actor: Actor, at: datetime) -> MailRoute:
    """Delete an alias or a redirection; the driver follows.

    :raises EntryLeaving: it was deleted already.
    """
    route = lock_entry(route)
    leave(route, at)
    note(route, "deleted", actor=actor, at=at, kind=route.kind)
    return route


def _lock(route: MailRoute, kind: RouteKind) -> MailRoute:
    route = lock_entry(route)
    if route.kind != kind:
        raise NotThisKind
    return route


def _check_targets(product: Product, address: str, targets: Sequence[str], keeps_copy: bool) -> list[str]:
    """Return each target once, in the form that is stored."""
    wanted = list(dict.fromkeys(clean_target(target) for target in targets))
    if not 0 < len(wanted) <= MOST_TARGETS:
        raise AddressInvalid(field="targets")
    if keeps_copy and not _has_mailbox(product, address):
        raise CopyNeedsMailbox
    _refuse_loop(product.organization_id, address, wanted)
    return wanted


def _has_mailbox(product: Product, address: str) -> bool:
    mailboxes = Mailbox.objects.filter(organization_id=product.organization_id, address=address)
    return mailboxes.exclude(status=EntryStatus.LEAVING).exists()


def _make(product: Product, address: str, at: datetime, **fields: object) -> MailRoute:
    try:
        with transaction.atomic():
            route = MailRoute.objects.create(
                organization_id=product.organization_id,
                product_id=product.pk,
                address=address,
                due_at=at,
                created_at=at,
                **fields,
            )
    except IntegrityError as error:
        raise AddressTaken from error
    nudge("mail")
    return route


def _refuse_loop(organization_id: int, address: str, targets: Sequence[str]) -> None:
    """Follow the targets through all routes of the organization; none may lead back to `address`."""
    routes = MailRoute.objects.filter(organization_id=organization_id).exclude(status=EntryStatus.LEAVING)
    routes = routes.exclude(address=address)  # what it leads to so far does not count any more
    leads: dict[str, list[str]] = {}
    for source, to, mailbox in routes.values_list("address", "targets", "mailbox__address"):
        leads[source] = [mailbox] if mailbox else to
    waiting, seen = list(targets), set(targets)
    while waiting:
        target = waiting.pop()
        if target == address:
            raise RouteLoops
        further = [one for one in leads.get(target, []) if one not in seen]
        seen.update(further)
        waiting += further
