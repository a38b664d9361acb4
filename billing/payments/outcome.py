"""What the page of a payment tells: done, waiting, to be approved, or refused."""

from dataclasses import dataclass, field

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.payments.balance import part_from_balance
from billing.payments.models import PaymentAttempt, Purpose, Way
from billing.payments.selectors import explain_decline
from billing.payments.status import AttemptStatus
from manager.kit.money import Money
from products.inventory.models import Product

FULFILLED, SET_UP, GIVEN_BACK = "fulfilled", "set_up", "given_back"
"""What became of what was paid for: begun, still being set up, or its money given back by a credit note."""

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
    fate: str = FULFILLED
    from_balance: Money | None = None

    @property
    def goes_on(self) -> bool:
        """Whether the page looks again by itself."""
        return self.state == WAITS

    @property
    def can_approve(self) -> bool:
        """Whether the bank's approval can be begun here: a charge without the person wants one (BIL-11)."""
        is_begun = bool(self.continue_url)
        return (
            self.state == APPROVE and self.attempt.way == Way.OFF_SESSION and self.can_manage and not is_begun
        )

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
    is_done = state == DONE and not attempt.is_credited
    fate = _fate(attempt.invoice) if is_done and attempt.invoice is not None else FULFILLED
    return Outcome(
        attempt=attempt,
        state=state,
        invoice=attempt.invoice,
        is_top_up=attempt.purpose == Purpose.TOP_UP,
        can_manage=can_manage,
        reason=str(explain_decline(attempt)) if state == REFUSED else "",
        continue_url=attempt.redirect_url if state == APPROVE else "",
        renewing=_renewing(attempt) if is_done and fate != GIVEN_BACK else [],
        fate=fate,
        from_balance=part_from_balance(attempt),
    )


def _fate(invoice: Invoice) -> str:
    lines = invoice.lines.filter(organization_id=invoice.organization_id)
    found = list(lines.values_list("counts", "fulfilled_at"))
    if found and not any(counts for counts, _at in found):
        return GIVEN_BACK
    return SET_UP if any(counts and at is None for counts, at in found) else FULFILLED


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
