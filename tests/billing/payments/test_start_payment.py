"""Pay on the provider's page: a new card, TWINT, PayPal (BIL-3, BIL-16)."""

import pytest

from billing.gateway.errors import GatewayUnavailable
from billing.gateway.vocabulary import MeansKind
from billing.invoices.services import cancel_invoice, settle_invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payment_methods.models import PaymentMethod
from billing.payments.services import InvoiceNotPayable, cancel_attempt, refresh_attempt
from billing.payments.status import AttemptStatus
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.status import ProductStatus
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import (
    ACTOR,
    entries_of,
    fill_prepaid,
    make_order_invoice,
    now,
    open_checkout,
    provider,
)
from tests.factories.products import reread


@pytest.mark.parametrize(
    ("kind", "method"), [(MeansKind.CARD, "card"), (MeansKind.TWINT, "twint"), (MeansKind.PAYPAL, "paypal")]
)
def test_pays_saves_the_means_and_switches_renewal_on(psp, kind, method):
    """BIL-3, BIL-10, PRD-7."""
    organization = make_tenant()
    invoice, product = make_order_invoice(organization)
    attempt = open_checkout(invoice, kind=kind)
    assert attempt.status == AttemptStatus.REQUIRES_ACTION
    provider().pay_checkout(attempt.redirect_url, method=method)

    with tenant_scope(organization.pk):
        paid = refresh_attempt(attempt=attempt, actor=ACTOR, at=now())

    assert paid.status == AttemptStatus.SUCCEEDED
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    product = reread(product, organization)
    assert (product.status, product.auto_renew) == (ProductStatus.ACTIVE, True)
    with tenant_scope(organization.pk):
        saved = PaymentMethod.objects.get()
    assert (saved.kind, saved.is_default) == (method, True)
    assert entries_of(organization, AccountKind.PROVIDER) == [-invoice.total_amount]
    assert len(provider().charges()) == 1


def test_leaves_renewal_off_when_the_means_is_not_kept(psp):
    """BIL-10: it needs a saved means."""
    organization = make_tenant()
    invoice, product = make_order_invoice(organization)
    attempt = open_checkout(invoice, save_means=False)
    provider().pay_checkout(attempt.redirect_url)
    with tenant_scope(organization.pk):
        refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
        assert not PaymentMethod.objects.exists()
    assert reread(product, organization).auto_renew is False


def test_gives_the_same_page_when_asked_twice(psp):
    """BIL-16: pressing twice is one payment."""
    invoice, _ = make_order_invoice(make_tenant())
    first = open_checkout(invoice)
    assert open_checkout(invoice).pk == first.pk


def test_closes_the_old_page_before_another_means_is_tried(psp):
    """BIL-16: nobody can pay on two pages."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    first = open_checkout(invoice)
    second = open_checkout(invoice, kind=MeansKind.TWINT)

    assert reread(first, organization).status == AttemptStatus.CANCELLED
    provider().pay_checkout(first.redirect_url)
    assert provider().charges() == []
    provider().pay_checkout(second.redirect_url, method="twint")
    assert len(provider().charges()) == 1


def test_settles_the_old_page_when_it_was_paid_meanwhile(psp):
    """BIL-16: the old payment counts, and no new one begins."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    first = open_checkout(invoice)
    provider().pay_checkout(first.redirect_url)

    with pytest.raises(InvoiceNotPayable):
        open_checkout(invoice, kind=MeansKind.TWINT)

    assert reread(first, organization).status == AttemptStatus.SUCCEEDED
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert len(provider().charges()) == 1


def test_keeps_late_money_on_the_prepaid_account_once(psp):
    """PRD-6: paid on the page after the invoice was paid from the balance."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    fill_prepaid(organization, 20_000)
    attempt = open_checkout(invoice)
    provider().pay_checkout(attempt.redirect_url)
    with tenant_scope(organization.pk):
        settle_invoice(
            invoice=invoice,
            source=AccountKind.PREPAID,
            reference="test:first",
            paid_with="Prepaid",
            actor=ACTOR,
            at=now(),
        )
        for _again in range(3):
            late = refresh_attempt(attempt=attempt, actor=ACTOR, at=now())

    assert (late.status, late.is_credited) == (AttemptStatus.SUCCEEDED, True)
    total = invoice.total_amount
    assert entries_of(organization, AccountKind.PREPAID) == [20_000, -total, total]


def test_keeps_money_for_a_cancelled_invoice_on_the_prepaid_account(psp):
    """PRD-6: the mail names what was paid as people know it."""
    organization = make_tenant(make_person())
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    provider().pay_checkout(attempt.redirect_url)
    with tenant_scope(organization.pk):
        cancel_invoice(invoice=invoice, actor=ACTOR, at=now())
        late = refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
    assert late.is_credited
    assert reread(invoice, organization).status == InvoiceStatus.CANCELLED
    assert entries_of(organization, AccountKind.PREPAID) == [invoice.total_amount]
    drain_outbox(at=now())
    mail = OutgoingMail.objects.using("system").get(template="payment_credited")
    assert f"for Pro forma {invoice.pk} of {organization.name}," in mail.text


def test_cancels_at_the_provider_and_here(psp):
    """BIL-16."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    with tenant_scope(organization.pk):
        assert cancel_attempt(attempt=attempt, actor=ACTOR, at=now()).status == AttemptStatus.CANCELLED
    provider().pay_checkout(attempt.redirect_url)
    assert provider().charges() == []


def test_answers_a_lost_opening_with_the_same_page(psp):
    """BIL-16: the page whose answer was lost is found again, not opened twice."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    provider().faults(
        {"match": {"method": "POST", "path": "/v1/checkout/sessions"}, "kind": "error_500_after_success"}
    )
    with pytest.raises(GatewayUnavailable):
        open_checkout(invoice)
    # The person presses again: the first page is found, closed, and a new one opened.
    attempt = open_checkout(invoice)
    assert attempt.redirect_url
    provider().pay_checkout(attempt.redirect_url)
    with tenant_scope(organization.pk):
        refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert len(provider().charges()) == 1
