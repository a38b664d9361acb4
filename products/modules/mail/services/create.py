"""Make mailboxes (MAIL-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from products.inventory.models import Product
from products.modules.mail.addresses import build_address
from products.modules.mail.errors import AddressTaken, LimitReached
from products.modules.mail.models import Mailbox, MailRoute
from products.modules.mail.passwords import check_strength, hash_password
from products.modules.mail.selectors import count_mailboxes, find_limit
from products.modules.mail.services.lock import lock_domain, note
from products.modules.mail.status import RouteKind

DEFAULT_QUOTA_GB = 10
MOST_QUOTA_GB = 1000


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """A mailbox as it is wanted; `name` is the part before the @."""

    name: str
    password: str
    quota_gb: int = DEFAULT_QUOTA_GB
    is_shared: bool = False
    is_personal: bool = True


def create_mailbox(*, product: Product, wanted: NewMailbox, actor: Actor, at: datetime) -> Mailbox:
    """Make one mailbox; see `create_mailboxes`."""
    return create_mailboxes(product=product, wanted=[wanted], actor=actor, at=at)[0]


def create_mailboxes(
    *, product: Product, wanted: Sequence[NewMailbox], actor: Actor, at: datetime
) -> list[Mailbox]:
    """Make mailboxes of the product's domain, all or none; the driver sets them up afterwards (MAIL-1).

    :raises MailNotRunning: the product is not active.
    :raises DomainMissing: it has no domain, see `lock_domain`.
    :raises LimitReached: the offer has not so many.
    :raises AddressInvalid: a name cannot stand before the @.
    :raises AddressTaken: the address is in use.
    :raises WeakPassword: see StrengthValidator.
    """
    # Hashing takes its time: before any row is locked.
    hashes = [_checked_hash(one, product) for one in wanted]
    with transaction.atomic():
        domain = lock_domain(product)
        if count_mailboxes(product) + len(wanted) > find_limit(product):
            raise LimitReached
        made = [
            _make(product, one, password_hash, domain, at)
            for one, password_hash in zip(wanted, hashes, strict=True)
        ]
        for mailbox in made:
            note(mailbox, "created", actor=actor, at=at, product=product.name)
        nudge("mail")
    return made


def _checked_hash(one: NewMailbox, product: Product) -> str:
    check_strength(one.password, address=f"{one.name.strip().lower()}@{product.name}")
    return hash_password(one.password)


def _make(product: Product, one: NewMailbox, password_hash: str, domain: str, at: datetime) -> Mailbox:
    address = build_address(one.name, domain)
    aliases = MailRoute.objects.filter(organization_id=product.organization_id, address=address)
    if aliases.filter(kind=RouteKind.ALIAS).exists():
        raise AddressTaken
    try:
        with transaction.atomic():
            return Mailbox.objects.create(
                organization_id=product.organization_id,
                product_id=product.pk,
                address=address,
                password_hash=password_hash,
                quota_gb=one.quota_gb,
                is_shared=one.is_shared,
                is_personal=one.is_personal,
                due_at=at,
                created_at=at,
            )
    except IntegrityError as error:
        raise AddressTaken from error
