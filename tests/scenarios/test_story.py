"""The way of one customer over HTTP with a moving clock, from registration to a renewed product."""

import pytest
from dateutil.relativedelta import relativedelta

from billing.ledger.models import AccountKind
from billing.payments.models import PaymentAttempt
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import make_legal_entity
from tests.factories.outbox import is_drained
from tests.factories.payments import entries_of, provider
from tests.factories.products import make_plan
from tests.factories.tokens import token_client
from tests.fixtures.waiting import wait_until
from tests.scenarios.story import approve, days_before, link_in, mails, register_company, tick

pytestmark = pytest.mark.usefixtures("psp")


@pytest.fixture
def customer():
    make_legal_entity()
    make_plan(slug="web-hosting")
    return register_company()


@pytest.fixture
def hosting(customer):
    """A hosting, ordered and paid by a card that is kept."""
    invoice = customer.order("web-hosting")
    customer.pay_by_card(customer.url("pay_invoice", invoice.pk))
    tick()
    [product] = customer.products()
    return product


def ledger(customer):
    with tenant_scope(customer.organization_id):
        organization = Organization.objects.get(pk=customer.organization_id)
    return entries_of(organization, AccountKind.PROVIDER)


def test_from_registration_to_a_renewed_product(customer):
    """ACC-1, PRD-4, BIL-3, BIL-5, BIL-10, BIL-11, API-1."""
    draft = customer.order("web-hosting", name="keller.example")
    assert draft.number is None
    page = customer.pay_by_card(customer.url("pay_invoice", draft.pk))
    assert "keller.example" in page
    tick()
    [invoice] = customer.invoices()
    assert (invoice.status, invoice.number.endswith("-000001")) == ("paid", True)
    pdf = customer.browser.get(customer.url("invoice_pdf", invoice.pk))
    assert b"".join(pdf).startswith(b"%PDF") if pdf.streaming else pdf.content.startswith(b"%PDF")
    [product] = customer.products()
    assert (product.status, product.auto_renew) == ("active", True)
    first_expiry = product.expires_on

    tick(days_before(product, 15))
    assert len(provider().charges()) == 1
    tick(days_before(product, 14))
    tick(days_before(product, 14))

    charges = provider().charges()
    assert len(charges) == 2
    assert charges[0]["payment_method"] == charges[1]["payment_method"]
    [product] = customer.products()
    assert product.expires_on == first_expiry + relativedelta(years=1)
    _, renewal = customer.invoices()
    assert (renewal.status, renewal.number.endswith("-000001")) == ("paid", True)
    assert [mail.recipient for mail in mails("invoice_paid")] == ["anna@example.com"] * 2
    assert mails("invoice_paid")[-1].attachments
    assert ledger(customer) == [-invoice.total_amount, -renewal.total_amount]
    customer.sign_in()
    assert "keller.example" in customer.read(customer.url("renewals"))
    check_api(customer)


def check_api(customer):
    """API-1: the same products and invoices, with a token."""
    client = token_client(customer.user, "products:read", "billing:read")
    base = f"/api/1/organizations/{customer.organization_id}"
    shown = {row["id"]: row for row in client.get(f"{base}/products").json()["data"]}
    assert {pk: row["expires_on"] for pk, row in shown.items()} == {
        product.pk: product.expires_on.isoformat() for product in customer.products()
    }
    numbers = {row["number"] for row in client.get(f"{base}/invoices").json()["data"]}
    assert numbers == {invoice.number for invoice in customer.invoices()}


class TestARefusedCard:
    def test_is_mailed_tried_again_and_paid_by_the_link(self, customer, hosting):
        """BIL-11: refused at 14 and 7 days, then paid by the mail's link; each fact is told once."""
        with tenant_scope(customer.organization_id):
            method = PaymentAttempt.objects.get().method
        provider().set_means(method.reference, behaviour="decline_charge:insufficient_funds")
        tick(days_before(hosting, 14))
        tick(days_before(hosting, 14))
        assert (len(mails("payment_failed")), len(mails("invoice_paid"))) == (1, 1)
        tick(days_before(hosting, 10))
        tick(days_before(hosting, 7))
        assert len(mails("payment_failed")) == 2
        assert customer.products()[0].expires_on == hosting.expires_on

        customer.sign_in()
        customer.pay_by_card(link_in(mails("payment_failed")[-1], "/pay/"), "5555555555554444")
        assert customer.products()[0].expires_on == hosting.expires_on + relativedelta(years=1)
        for count in (7, 3, 1, 0, -1):
            tick(days_before(hosting, count))
        assert (len(mails("payment_failed")), len(mails("invoice_paid"))) == (2, 2)
        assert len(provider().charges()) == 2
        assert customer.products()[0].status == "active"

    def test_unpaid_it_is_suspended_then_terminated(self, customer, hosting):
        """PRD-8: told at each step; nothing is charged any more afterwards."""
        with tenant_scope(customer.organization_id):
            method = PaymentAttempt.objects.get().method
        provider().set_means(method.reference, behaviour="decline_charge:insufficient_funds")
        seen = {}
        for count in range(15, -35, -1):
            tick(days_before(hosting, count))
            seen.setdefault(customer.products()[0].status, count)
        assert seen == {"active": 15, "suspended": 0, "terminated": -30}
        assert len(mails("payment_failed")) == 5
        assert (len(mails("products_suspended")), len(mails("products_ended"))) == (1, 1)
        assert len(provider().charges()) == 1
        assert [invoice.status for invoice in customer.invoices()] == ["paid", "cancelled"]

    def test_an_approval_by_the_mails_link_confirms_the_same_charge(self, customer):
        """BIL-11: 3-D Secure, without signing in; one charge."""
        invoice = customer.order("web-hosting")
        customer.pay_by_card(customer.url("pay_invoice", invoice.pk), "4000002760003184")
        tick()
        [product] = customer.products()
        tick(days_before(product, 14))
        [mail] = mails("payment_requires_action")
        assert mails("payment_failed") == []
        before = provider().charges()
        approve(mail)
        tick(days_before(product, 13))
        assert len(provider().charges()) == len(before) + 1
        assert customer.products()[0].expires_on == product.expires_on + relativedelta(years=1)


def test_switched_off_it_is_reminded_of_and_never_charged(customer, hosting):
    """BIL-10, BIL-12."""
    customer.browser.post(customer.url("auto_renew"), {"selected": hosting.pk, "auto_renew": "off"})
    for count in range(61, -2, -1):
        tick(days_before(hosting, count))
    assert len(mails("renewal_reminder")) == 7
    assert len(provider().charges()) == 1
    assert customer.products()[0].status == "suspended"


def test_the_worker_and_the_command_do_the_same_side_by_side(customer, hosting, worker):
    """BIL-11, BIL-16: a tick of the command while Celery drains the same events and mails."""
    from manager.celery import app

    for _ in range(5):
        app.send_task("manager.tick", ignore_result=True)
    tick(days_before(hosting, 14))
    for _ in range(5):
        app.send_task("manager.tick", ignore_result=True)
    tick(days_before(hosting, 14))
    wait_until(is_drained)  # the command passes over the rows that the worker has taken
    assert len(provider().charges()) == 2
    assert customer.products()[0].expires_on == hosting.expires_on + relativedelta(years=1)
    assert len(mails("invoice_paid")) == 2
