"""Accept an offer: the product moves to the other organization."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.access.locks import lock_organization
from organizations.access.models import Grant
from organizations.access.timebox import end_right
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from products.catalog.price_book import read_price_book
from products.catalog.pricing import find_parts
from products.inventory.models import Product
from products.inventory.selectors import find_options
from products.inventory.services.steps import lock_product
from products.provisioning.services import give_up_actions
from products.transfer.blockers import why_not_transferable
from products.transfer.errors import NotTransferable, RecipientUnfit, TransferExpired
from products.transfer.models import Transfer
from products.transfer.selectors import get_transfer_by_key
from products.transfer.services.move import put_in, take_out
from products.transfer.status import TRANSITIONS, TransferStatus


def accept_transfer(*, key: str, recipient: Organization, actor: Actor, at: datetime) -> Product:
    """Take the offered product over into `recipient`, in which the actor has the right to.

    Invoices, people and the history stay with the giver; grants on the product end there; automatic
    renewal is off. Both organizations have it in their audit logs. Publishes `product.transferred` for the
    giver and `product.received` for the recipient.

    :raises NotFound: the key is wrong, or the offer is made to another organization.
    :raises IllegalTransition: the offer is not open any more.
    :raises TransferExpired: its seven days are over.
    :raises NotTransferable: unpaid invoices of the giver name the product, or it does not run any more.
    :raises OrganizationDeleted: the recipient was deleted at this moment.
    :raises ActionUnderWay: a machine is at something that the giver asked for.
    :raises RecipientUnfit: the giver itself, or an organization in whose currency the plan is not sold.
    """
    found = get_transfer_by_key(key=key)
    giver = found.organization
    with tenant_scope(giver.pk, 0), transaction.atomic():
        transfer = Transfer.objects.select_for_update().get(pk=found.pk)
        if transfer.recipient_id not in {None, recipient.pk}:
            raise NotFound
        if transfer.status == TransferStatus.OFFERED and at >= transfer.expires_at:
            raise TransferExpired
        transition(transfer, TransferStatus.ACCEPTED, TRANSITIONS)
        product = lock_product(transfer.product)
        _check(product, giver, recipient, at)
        transfer.recipient_id = recipient.pk
        transfer.recipient_name = recipient.name
        transfer.answered_at = at
        transfer.save(update_fields=["status", "recipient_id", "recipient_name", "answered_at"])
        _end_grants(product, actor, at)
        _tell("product.transferred", product, giver.pk, recipient.name, actor=actor, at=at)
        give_up_actions(organization_id=giver.pk, product_id=product.pk, actor=actor, at=at)
        luggage = take_out(product)
        with tenant_scope(recipient.pk, 0):
            lock_organization(organization_id=recipient.pk)
            product = put_in(luggage, organization=recipient, at=at)
            _tell("product.received", product, recipient.pk, giver.name, actor=actor, at=at)
    return product


def _check(product: Product, giver: Organization, recipient: Organization, at: datetime) -> None:
    if recipient.pk == giver.pk:
        raise RecipientUnfit(_("The product is in this organization already."))
    reason = why_not_transferable(product, at=at, now=True)
    if reason is not None:
        raise NotTransferable(reason)
    today = day_in(recipient.time_zone, at)
    book = read_price_book(plans=[product.plan], currency=recipient.currency, on=today)
    options = find_options([product])[product.pk]
    if not find_parts(book, plan=product.plan, months=product.months, quantity=1, options=options):
        raise RecipientUnfit(
            _("This product is not sold in the currency of that organization, so it could not be renewed.")
        )


def _end_grants(product: Product, actor: Actor, at: datetime) -> None:
    grants = Grant.objects.select_for_update().filter(
        organization_id=product.organization_id, product_id=product.pk, ended_at=None
    )
    for grant in grants.order_by("pk"):
        end_right(grant, by_user_id=actor.user_id, at=at)


def _tell(
    event: str, product: Product, organization_id: int, other: str, *, actor: Actor, at: datetime
) -> None:
    record_audit(
        organization_id=organization_id, name=event, actor=actor, at=at, subject=product, other=other
    )
    publish(
        event,
        organization_id=organization_id,
        payload={"product": product.pk, "name": product.name, "other": other},
        at=at,
    )
