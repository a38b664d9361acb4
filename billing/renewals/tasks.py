"""What renewals hear of payments and invoices; ids in, idempotent."""

from billing.gateway.vocabulary import FailureKind
from billing.invoices.models import Invoice
from billing.payments.models import Initiator
from billing.profiles.models import BillingAddress
from billing.profiles.services import remove_address
from billing.renewals.models import RenewalPreference
from billing.renewals.services.outcome import fail_renewals, free_renewals, settle_renewals
from billing.renewals.services.replace import replace_method
from billing.renewals.services.switch import try_default_again
from billing.renewals.services.withdraw import forget_preference, withdraw_renewals
from manager.kit.actor import Actor
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization

ACTOR = Actor.system("renewals")


def _invoice(event: OutboxEvent) -> Invoice | None:
    return Invoice.objects.filter(
        organization_id=event.organization_id, pk=event.payload.get("invoice")
    ).first()


def settle_paid(event: OutboxEvent) -> None:
    """On `invoice.paid`: its renewals are settled, however it was paid."""
    if invoice := _invoice(event):
        settle_renewals(invoice=invoice, at=event.created_at)


def note_failed_payment(event: OutboxEvent) -> None:
    """On `payment.failed` of a charge by itself: wait for the next day of the schedule.

    Not while the next means in the order is charged: the renewal stays due.
    """
    if event.payload.get("initiator") != Initiator.RENEWAL or event.payload.get("next_means"):
        return
    if invoice := _invoice(event):
        fail_renewals(
            invoice=invoice,
            decline_kind=event.payload.get("decline_kind") or "soft",
            decline_code=event.payload.get("decline_code") or "",
            actor=ACTOR,
            at=event.created_at,
            attempt_id=event.payload["attempt"],
            may_be_late=True,
        )


def note_missing_approval(event: OutboxEvent) -> None:
    """On `payment.requires_action` of a charge by itself: approved by link, or tried again later.

    Not while the next means in the order is charged: the renewal stays due.
    """
    if event.payload.get("initiator") != Initiator.RENEWAL or event.payload.get("next_means"):
        return
    if invoice := _invoice(event):
        fail_renewals(
            invoice=invoice,
            decline_kind=FailureKind.AUTHENTICATION,
            decline_code="authentication_required",
            actor=ACTOR,
            at=event.created_at,
            attempt_id=event.payload["attempt"],
        )


def try_new_default(event: OutboxEvent) -> None:
    """On `payment_method.saved` and `.default_changed`: what waited for another means is tried again."""
    organization = Organization.objects.get(pk=event.organization_id)
    try_default_again(organization=organization, at=event.created_at)


def use_replacement(event: OutboxEvent) -> None:
    """On `payment_method.removed`: what was to be charged to it goes on with what was chosen instead."""
    if replacement := event.payload.get("replacement"):
        replace_method(
            organization_id=event.organization_id,
            removed_id=event.payload["method"],
            replacement_id=replacement,
            at=event.created_at,
        )


def take_back_cancelled(event: OutboxEvent) -> None:
    """On `invoice.cancelled`: what it renewed can be planned anew, unless it went into a selection."""
    invoice = _invoice(event)
    if invoice and invoice.replaced_by_id is None:
        free_renewals(invoice=invoice, at=event.created_at)


def free_given_back(event: OutboxEvent) -> None:
    """On `invoice.voided` and `refund.begun`: days that are not paid any more can be planned anew."""
    if invoice := _invoice(event):
        free_renewals(invoice=invoice, at=event.created_at)


def forget_preferences(event: OutboxEvent) -> None:
    """On `organization.deleted`: what renewals were paid with and made out to, and the addresses."""
    RenewalPreference.objects.filter(organization_id=event.organization_id).delete()
    for address in BillingAddress.objects.filter(organization_id=event.organization_id):
        remove_address(address=address, actor=ACTOR, at=event.created_at)


def withdraw_offered(event: OutboxEvent) -> None:
    """On `product.transfer_offered`: what was planned for the product is taken back."""
    withdraw_renewals(
        organization_id=event.organization_id,
        product_id=event.payload["product"],
        actor=ACTOR,
        at=event.created_at,
    )


def forget_transferred(event: OutboxEvent) -> None:
    """On `product.transferred`: the giver's means of payment is no longer the product's."""
    forget_preference(organization_id=event.organization_id, product_id=event.payload["product"])
