"""Save a means without paying: to the provider's page and back (BIL-9)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.gateway.registry import gateway_for, gateway_taking, offered_kinds
from billing.gateway.vocabulary import ChargeState, CheckoutStart, MeansKind, Origin
from billing.payment_methods.customers import ensure_customer
from billing.payment_methods.models import MethodSetup
from billing.payment_methods.services import save_method
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from organizations.profile.models import Organization


class KindNotOffered(DomainError):
    """The kind of means is not taken in this currency."""

    code = "payment_kind_not_offered"
    status = 422
    message = _("This means of payment is not available in your currency.")


def require_kind(kind: str, currency: str) -> MeansKind:
    """Return the kind of means called `kind`, if the provider takes it in `currency`.

    :raises KindNotOffered: it does not.
    """
    offered = offered_kinds(currency=currency)
    found = next((known for known in offered if known.value == kind), None)
    if found is None:
        raise KindNotOffered
    return found


def start_setup(
    *, organization: Organization, kind: MeansKind, language: str, actor: Actor, at: datetime
) -> CheckoutStart:
    """Open the provider's page to save a means; the person comes back to `billing:payment_method_return`.

    :raises GatewayUnavailable: no answer; nothing was saved.
    """
    gateway = gateway_taking(kind=kind, currency=organization.currency)
    customer = ensure_customer(organization=organization, gateway=gateway)
    with transaction.atomic(durable=True):
        setup = MethodSetup.objects.create(
            organization_id=organization.pk,
            gateway=gateway.name,
            idempotency_key=f"setup-{uuid.uuid4().hex}",
            started_by=actor.user_id,
            created_at=at,
        )
    back = reverse("billing:payment_method_return", args=[organization.pk, setup.pk])
    start = gateway.start_setup(
        customer_reference=customer,
        origin=Origin(organization_id=organization.pk, attempt_id=setup.pk),
        currency=organization.currency,
        kinds=(kind,),
        success_url=settings.PUBLIC_BASE_URL + back,
        cancel_url=settings.PUBLIC_BASE_URL + reverse("billing:payment_methods", args=[organization.pk]),
        language=language,
        idempotency_key=setup.idempotency_key,
    )
    with transaction.atomic(durable=True):
        MethodSetup.objects.filter(pk=setup.pk).update(reference=start.reference)
    return start


def finish_setup(*, setup: MethodSetup, actor: Actor, at: datetime, reference: str = "") -> MethodSetup:
    """Ask the provider what came of a visit to its page, and keep the means.

    The return page and the provider's message both end here; the means is saved once.
    `reference` is the page as the provider's message names it, for a row whose answer was lost.
    """
    if setup.finished_at is not None or not (setup.reference or reference):
        return setup
    result = gateway_for(setup.gateway).retrieve_setup(reference=setup.reference or reference)
    with transaction.atomic(durable=True):
        row = MethodSetup.objects.select_for_update().get(pk=setup.pk, organization_id=setup.organization_id)
        if row.finished_at is not None:
            return row
        row.reference = row.reference or reference
        if result.state is ChargeState.SUCCEEDED and result.means is not None:
            row.method = save_method(
                organization_id=row.organization_id,
                gateway=row.gateway,
                means=result.means,
                actor=actor,
                at=at,
            )
            row.finished_at = at
        elif result.state in (ChargeState.FAILED, ChargeState.CANCELED):
            row.finished_at = at
        row.save()
    return row
