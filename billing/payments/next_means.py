"""Which saved means is charged without the person: the one planned, then the others in their order (BIL-9).

A means that was refused for good for an invoice is not charged for it again while another one is left.
"""

from datetime import date

from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import FailureKind, MeansKind
from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import methods_to_try
from billing.payments.models import Initiator, PaymentAttempt
from billing.payments.status import AttemptStatus

NOT_OF_THE_MEANS = frozenset({"amount_too_small"})
"""Hard refusals that another means would meet as well."""


def means_to_charge(*, invoice: Invoice, planned: PaymentMethod | None, today: date) -> PaymentMethod | None:
    """Return the means to charge for `invoice` on `today`; None when none is saved."""
    saved = methods_to_try(organization=invoice.organization, first=planned)
    left = _left(invoice, saved, today)
    return next(iter(left or saved), None)


def next_means(*, attempt: PaymentAttempt, today: date) -> PaymentMethod | None:
    """Return what is charged next for the invoice of a renewal's attempt that was refused for good."""
    refused = attempt.status == AttemptStatus.FAILED and attempt.decline_kind == FailureKind.HARD
    if not refused or attempt.initiator != Initiator.RENEWAL or attempt.invoice is None:
        return None
    if attempt.decline_code in NOT_OF_THE_MEANS:
        return None
    saved = methods_to_try(organization=attempt.organization, first=attempt.method)
    left = _left(attempt.invoice, saved, today)
    return next((method for method in left if method.pk != attempt.method_id), None)


def _left(invoice: Invoice, saved: list[PaymentMethod], today: date) -> list[PaymentMethod]:
    """Return those that can pay the invoice and were not refused for good for it."""
    refused = set(
        PaymentAttempt.objects.filter(
            organization_id=invoice.organization_id,
            invoice=invoice,
            status=AttemptStatus.FAILED,
            decline_kind=FailureKind.HARD,
        ).values_list("method_id", flat=True)
    )
    return [
        method
        for method in saved
        if method.pk not in refused and not method.has_expired(today) and _takes(method, invoice.currency)
    ]


def _takes(method: PaymentMethod, currency: str) -> bool:
    if method.is_prepaid:
        return True
    return MeansKind(method.kind) in gateway_for(method.gateway).kinds_for(currency=currency)
