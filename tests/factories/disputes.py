"""Disputes, as if the provider had told them."""

from itertools import count

from django.db import transaction

from billing.disputes.models import Dispute
from billing.disputes.services.follow import record_dispute
from billing.gateway.vocabulary import DisputeResult, DisputeState
from billing.payments.models import Initiator, PaymentAttempt, Purpose, Way
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.payments import ACTOR, now

_numbers = count(1)


def make_dispute(organization: Organization, amount: int = 5_000) -> Dispute:
    """Return an open dispute of a charge that nobody has booked."""
    number = next(_numbers)
    with tenant_scope(organization.pk), transaction.atomic():
        attempt = PaymentAttempt.objects.create(
            organization=organization,
            purpose=Purpose.TOP_UP,
            initiator=Initiator.PERSON,
            way=Way.CHECKOUT,
            gateway="stripe",
            amount=amount,
            currency="CHF",
            idempotency_key=f"disputed-{number}",
            charge_reference=f"pi_disputed_{number}",
            created_at=now(),
        )
        told = DisputeResult(
            state=DisputeState.OPEN,
            reference=f"dp_{number}",
            charge_reference=attempt.charge_reference,
            amount=Money(amount, "CHF"),
            fee=Money(0, "CHF"),
            reason="fraudulent",
            opened_at=now(),
        )
        return record_dispute(attempt=attempt, result=told, actor=ACTOR, at=now())
