"""What the page of a payment tells: done, waiting, to be approved, or refused."""

from dataclasses import dataclass, field

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.payments.models import PaymentAttempt, Purpose, Way
from billing.payments.selectors import explain_decline
from billing.payments.status import AttemptStatus
from products.inventory.models import Product

DONE, WAITS, APPROVE, REFUSED, CANCELLED = "done", "waits", "approve", "refused", "cancelled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One payment as its page shows it. `renewing` are the products that renew by themselves from now on."""

    attempt: PaymentAttempt
    state: str
    invoice: Invoice | None
    is_top_up: bool
    can_manage: bool
    reason: str = ""
    continue_url: str = ""
    renewing: list[Product] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        """Whether the page looks again by itself."""
        return self.state == WAITS

    @property
    def can_pay_again(self) -> bool:
        """Whether another means can be tried."""
        return self.can_manage and self.invoice is not None and self.invoice.is_payable

    @property
    def has_document(self) -> bool:
        """Whether the paid invoice can be downloaded."""
        return self.invoice is not None and self.invoice.status == InvoiceStatus.PAID


def build_outcome(*, attempt: PaymentAttempt, can_manage: bool) -> Outcome:
    """Return what to tell about an attempt that was loaded with its invoice and means."""
    state = _state(attempt)
    return Outcome(
        attempt=attempt,
        state=state,
        invoice=attempt.invoice,
        is_top_up=attempt.purpose == Purpose.TOP_UP,
        can_manage=can_manage,
        reason=str(explain_decline(attempt)) if state == REFUSED else "",
        continue_url=attempt.redirect_url if state == APPROVE else "",
        renewing=_renewing(attempt) if state == DONE and not attempt.is_credited else [],
    )


def _state(attempt: PaymentAttempt) -> str:
    if attempt.status == AttemptStatus.REQUIRES_ACTION:
        return APPROVE if attempt.redirect_url or attempt.way == Way.OFF_SESSION else WAITS
    finals = {
        AttemptStatus.SUCCEEDED: DONE,
        AttemptStatus.FAILED: REFUSED,
        AttemptStatus.CANCELLED: CANCELLED,
    }
    return finals.get(AttemptStatus(attempt.status), WAITS)


def _renewing(attempt: PaymentAttempt) -> list[Product]:
    if attempt.invoice is None or attempt.method_id is None:
        return []
    products = attempt.invoice.lines.filter(product__isnull=False).values("product_id")
    return list(
        Product.objects.filter(
            organization_id=attempt.organization_id, pk__in=products, auto_renew=True
        ).order_by("name", "id")[:20]
    )
