"""Run one payment in a process of its own that is killed at the point DIE_AT: `pay_and_die.py VERB ids…`."""

import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings.test")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402

from billing.gateway.vocabulary import MeansKind  # noqa: E402
from billing.invoices.selectors import get_invoice  # noqa: E402
from billing.payment_methods.models import PaymentMethod  # noqa: E402
from billing.payments.models import PaymentAttempt  # noqa: E402
from billing.payments.services import charge_off_session, refresh_attempt, start_payment  # noqa: E402
from manager.kit.actor import Actor  # noqa: E402
from manager.kit.scope import tenant_scope  # noqa: E402
from organizations.profile.models import Organization  # noqa: E402
from tests.faults.killing import die_at  # noqa: E402

ACTOR = Actor.system("test")


def use_killed_gateway() -> None:
    """Let the provider's name lead to the gateway that dies."""
    path = "tests.faults.killing.KilledGateway"
    known = settings.GATEWAYS["stripe"]
    settings.GATEWAYS["stripe"] = {**known, "driver": path} if isinstance(known, dict) else path


def die_before_the_last_commit() -> None:
    """Die when the result is written, and not committed yet."""
    if os.environ.get("DIE_AT") != "before_commit":
        return
    whole = transaction.Atomic.__exit__

    def leave(block: transaction.Atomic, kind: object, error: object, trace: object) -> None:
        if block.durable and PaymentAttempt.objects.filter(status="succeeded").exists():
            die_at("before_commit")
        whole(block, kind, error, trace)

    transaction.Atomic.__exit__ = leave


def main(verb: str, organization_id: int, subject_id: int, method_id: int = 0) -> None:
    use_killed_gateway()
    die_before_the_last_commit()
    at = datetime.now(UTC)
    with tenant_scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        if verb == "refresh":
            refresh_attempt(attempt=PaymentAttempt.objects.get(pk=subject_id), actor=ACTOR, at=at)
            return
        invoice = get_invoice(organization=organization, invoice_id=subject_id)
        if verb == "charge":
            method = PaymentMethod.objects.get(pk=method_id)
            charge_off_session(invoice=invoice, method=method, actor=ACTOR, at=at)
        else:
            start_payment(
                invoice=invoice, kinds=(MeansKind.CARD,), save_means=True, language="en", actor=ACTOR, at=at
            )


main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
