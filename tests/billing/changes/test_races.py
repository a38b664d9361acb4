"""Two at once: one change, one price, nothing twice (BIL-16)."""

from datetime import UTC, datetime

from billing.changes.models import ChangeQuote
from billing.changes.periodic import drain_changes
from billing.changes.services import accept_change, quote_change
from billing.changes.status import ChangeStatus
from billing.gateway.vocabulary import RefundResult, RefundState
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import Account, AccountKind
from billing.prepaid.selectors import prepaid_balance
from billing.refunds.services import refund_invoice, settle_refund
from billing.refunds.services.refund import Destination, Wish
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from tests.factories.billing import ACTOR
from tests.factories.products import make_plan, reread
from tests.factories.together import all_at_once
from tests.faults.waiting import holding

AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)


def dear_plan():
    return make_plan(prices={(currency, m): 2000 * m for currency in ("CHF", "EUR") for m in (1, 12, 24)})


def quote(product, **wanted):
    with tenant_scope(product.organization_id):
        return quote_change(product=reread(product, product.organization), at=AT, **wanted)


def test_a_downgrade_accepted_eight_times_is_credited_once(organization, buy):
    """PRD-14: pressed twice, or sent again."""
    product = buy(dear_plan())
    change = quote(product, plan=make_plan())

    def accept():
        with tenant_scope(organization.pk):
            row = ChangeQuote.objects.select_related("organization", "product__plan").get(pk=change.pk)
            return accept_change(change=row, actor=ACTOR, at=AT)

    results = all_at_once(*[accept] * 8)
    assert sum(not isinstance(row, DomainError) for row in results) == 1
    with tenant_scope(organization.pk):
        assert CreditNote.objects.count() == 1
        assert prepaid_balance(organization=organization).amount == change.surplus_amount


def test_a_credited_change_and_a_refund_of_its_invoice_both_end(organization, buy, superuser_connection):
    """BIL-14: both write a credit note over one invoice, and take it before the accounts."""
    product = buy(make_plan(prices={(currency, 12): 24_000 for currency in ("CHF", "EUR")}))
    with tenant_scope(organization.pk):
        invoice = Invoice.objects.select_related("organization", "legal_entity").get(status="paid")
        wish = Wish({}, 500, Destination.PREPAID, "Goodwill")
        refund = refund_invoice(invoice=invoice, wish=wish, key="1", actor=ACTOR, at=AT)
        held = Account.objects.get(kind=AccountKind.REVENUE).pk
    change = quote(product, plan=make_plan())
    assert change.surplus_amount > 0

    def accept():
        with tenant_scope(organization.pk):
            accept_change(change=change, actor=ACTOR, at=AT)

    def settle():
        with tenant_scope(organization.pk):
            failed = RefundResult(state=RefundState.FAILED)
            settle_refund(refund=refund, result=failed, actor=ACTOR, at=AT)

    with holding(superuser_connection, "billing_account", held) as queue:
        queue.add(accept)
        queue.add(settle)
    assert queue.raised == [None, None]
    with tenant_scope(organization.pk):
        assert CreditNote.objects.count() == 2


def test_a_change_and_a_renewal_at_once_are_never_both_open(organization, buy):
    """BIL-16: a period at the price of the former offer is not billed beside the change."""
    product = buy(make_plan())
    change = quote(product, plan=dear_plan())

    def accept():
        with tenant_scope(organization.pk):
            row = ChangeQuote.objects.select_related("organization", "product__plan").get(pk=change.pk)
            return accept_change(change=row, actor=ACTOR, at=AT)

    def renew():
        with tenant_scope(organization.pk):
            return compose_selection(
                organization=organization,
                choices=[DueChoice(product.pk, 12)],
                invoice_ids=[],
                actor=ACTOR,
                at=AT,
            )

    all_at_once(accept, renew)
    with tenant_scope(organization.pk):
        waiting = ChangeQuote.objects.filter(status=ChangeStatus.ACCEPTED).count()
        drafts = Invoice.objects.filter(origin="selection", status=InvoiceStatus.DRAFT).count()
    assert waiting + drafts == 1


def test_what_is_not_paid_on_its_day_is_taken_back(organization, buy):
    """PRD-14: it was computed for that day; in the zone of the organization."""
    product = buy(make_plan())
    with tenant_scope(organization.pk):
        accept_change(change=quote(product, quantity=2), actor=ACTOR, at=AT)
    assert drain_changes(at=datetime(2026, 8, 31, 21, 59, tzinfo=UTC)) == 0
    assert drain_changes(at=datetime(2026, 8, 31, 22, 1, tzinfo=UTC)) == 1
    assert drain_changes(at=datetime(2026, 8, 31, 22, 2, tzinfo=UTC)) == 0
    with tenant_scope(organization.pk):
        assert ChangeQuote.objects.get().status == ChangeStatus.WITHDRAWN
        assert Invoice.objects.get(origin="change").status == InvoiceStatus.CANCELLED
