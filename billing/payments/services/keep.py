"""Save the means of a paid attempt, where the provider could not be asked when the money was recorded."""

from datetime import datetime

from django.db import transaction

from billing.gateway.errors import MeansNotFound
from billing.gateway.registry import gateway_for
from billing.payment_methods.services import save_method
from billing.payments.models import PaymentAttempt
from billing.payments.services.auto_renew import switch_on_renewal
from manager.kit.actor import Actor


def keep_means(*, attempt: PaymentAttempt, actor: Actor, at: datetime) -> PaymentAttempt:
    """Save the means with which the attempt was paid, and switch renewal on for what it paid (BIL-10).

    :raises GatewayUnavailable: no answer; the janitor tries again.
    """
    gateway = gateway_for(attempt.gateway)
    reference = attempt.means_reference or gateway.retrieve(reference=attempt.reference).means_reference
    try:
        means = gateway.describe_means(means_reference=reference) if reference else None
    except MeansNotFound:
        means = None
    with transaction.atomic(durable=True):
        row = PaymentAttempt.objects.select_for_update().get(
            pk=attempt.pk, organization_id=attempt.organization_id
        )
        if row.method_id is not None:
            return row
        row.lease_until = None
        row.saves_means = means is not None
        if means is not None:
            row.method = save_method(
                organization_id=row.organization_id, gateway=row.gateway, means=means, actor=actor, at=at
            )
        row.save(update_fields=["method", "saves_means", "lease_until"])
        if means is not None and row.invoice is not None and not row.is_credited:
            switch_on_renewal(invoice=row.invoice, actor=actor, at=at)
    return row
