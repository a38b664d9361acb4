"""A domain in redemption is restored for its fee, and not otherwise (PRD-11)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.prepaid.selectors import prepaid_balance
from billing.restores.errors import FeeUnknown, RestoreRefused
from billing.restores.periodic import drain_unpayable
from billing.restores.selectors import offer_restore
from billing.restores.services import order_restore
from billing.to_pay.errors import PaidAlone
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from products.catalog.models import Price
from products.inventory.models import Product
from products.inventory.services import release_product, restore_product
from products.inventory.services.extend import InRedemption
from products.inventory.services.restore import RestoreUnpaid
from tests.factories.billing import pay_invoice
from tests.factories.cast import client_of, make_tenant
from tests.factories.domains import FEE, GRACE, REDEMPTION, expire, make_domain, make_redeemable
from tests.factories.members import first_representative
from tests.factories.products import ACTOR, reread
from tests.factories.together import all_at_once


def again(product: Product) -> Any:
    return reread(product, product.organization)


def order(product: Product, at: Any, **details: Any) -> Invoice:
    with tenant_scope(product.organization_id):
        return order_restore(product=again(product), actor=ACTOR, at=at, **details)


class TestOrdering:
    def test_costs_the_fee_and_the_renewal(self) -> None:
        """PRD-11: the fee is that of the extension, the period costs as always."""
        product, at = make_redeemable(make_tenant())
        invoice = order(product, at)
        with tenant_scope(product.organization_id):
            fee, renewal = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
        assert (fee.component, fee.net_amount, fee.period) == ("restore", FEE, None)
        assert (renewal.component, renewal.net_amount) == ("", 12000)
        assert (renewal.period.lower, renewal.period.upper) == (date(2027, 1, 15), date(2028, 1, 15))

    def test_asked_twice_is_one_invoice(self) -> None:
        """PRD-11, BIL-16; another period replaces it."""
        product, at = make_redeemable(make_tenant())
        first = order(product, at)
        assert order(product, at).pk == first.pk
        other = order(product, at, months=24)
        assert other.pk != first.pk
        with tenant_scope(product.organization_id):
            assert Invoice.objects.get(pk=first.pk).status == "cancelled"

    def test_is_refused_for_a_domain_that_is_not_in_redemption(self) -> None:
        """PRD-11."""
        product = make_domain(make_tenant())
        at = expire(product, days=-30)
        with pytest.raises(RestoreRefused):
            order(product, at)

    @pytest.mark.parametrize("months", [3, 0, -12])
    def test_is_refused_for_a_period_that_is_not_sold(self, months: int) -> None:
        """PRD-11, INC-27."""
        product, at = make_redeemable(make_tenant())
        with pytest.raises(RestoreRefused):
            order(product, at, months=months)

    def test_is_refused_for_a_period_that_would_be_over_already(self) -> None:
        """PRD-11: nobody pays for days gone by only."""
        product, at = make_redeemable(make_tenant())
        day = (at + timedelta(days=25)).date()
        with tenant_scope(product.organization_id):
            assert 1 not in offer_restore(product=product, today=day).choices

    def test_is_refused_without_a_fee_in_the_catalogue(self) -> None:
        """PRD-11: no domain comes back for nothing by mistake."""
        product, at = make_redeemable(make_tenant())
        Price.objects.filter(plan=product.plan, purpose="restore").delete()
        with pytest.raises(FeeUnknown):
            order(product, at)


class TestPaying:
    def test_brings_the_domain_back(self) -> None:
        """PRD-11: with the payment itself, paid for the whole period."""
        product, at = make_redeemable(make_tenant())
        invoice = order(product, at)
        with tenant_scope(product.organization_id):
            pay_invoice(invoice, at=at)
            assert not InvoiceLine.objects.filter(invoice=invoice, fulfilled_at=None).exists()
        restored = again(product)
        assert (restored.status, restored.expires_on, restored.told_of) == ("active", date(2028, 1, 15), "")

    def test_is_the_only_way_back(self) -> None:
        """PRD-11: neither the verb alone nor the normal price brings it back, by page or API."""
        organization = make_tenant()
        product, at = make_redeemable(organization)
        with tenant_scope(organization.pk):
            with pytest.raises(RestoreUnpaid):
                restore_product(product=product, actor=ACTOR, at=at)
            with pytest.raises(InRedemption):
                compose_selection(
                    organization=organization,
                    choices=[DueChoice(product.pk, 12)],
                    invoice_ids=[],
                    actor=ACTOR,
                    at=at,
                )
        row: Any = reread(product, organization)
        assert row.status == "redemption"

    def test_its_invoice_is_paid_alone(self) -> None:
        """PRD-11: in a selection it would be a line like any other."""
        organization = make_tenant()
        one, at = make_redeemable(organization)
        two, _ = make_redeemable(organization)
        ids = [order(one, at).pk, order(two, at).pk]
        with tenant_scope(organization.pk), pytest.raises(PaidAlone):
            compose_selection(organization=organization, choices=[], invoice_ids=ids, actor=ACTOR, at=at)

    def test_paid_after_the_release_becomes_balance(self) -> None:
        """PRD-6, PRD-11: the payment stands, by a credit note over all of it; its lines pay nothing."""
        organization = make_tenant()
        product, at = make_redeemable(organization)
        invoice = order(product, at)
        expire(product, days=GRACE + REDEMPTION)
        with tenant_scope(organization.pk):
            paid = pay_invoice(invoice, at=at + timedelta(days=REDEMPTION))
            lines = InvoiceLine.objects.filter(invoice=invoice)
            assert [(line.fulfilled_at, line.counts) for line in lines] == [(None, False)] * 2
            note = CreditNote.objects.get(invoice=invoice)
            assert (paid.status, note.total_amount) == ("paid", invoice.total_amount)
            assert [row["net"] for row in note.lines] == [FEE, 12000]
            assert prepaid_balance(organization=organization) == invoice.total
            told = OutboxEvent.objects.get(name="invoice.given_back").payload
        assert (told["origin"], told["reason"]) == ("restore", "restore_refused")
        assert again(product).status == "released"

    def test_paid_and_released_at_once_is_one_or_the_other(self) -> None:
        """BIL-16, PRD-11: it is restored, or the money is balance."""
        for _number in range(4):
            organization = make_tenant()
            product, at = make_redeemable(organization)
            invoice = order(product, at)

            def release(product: Product = product, at: datetime = at) -> None:
                with tenant_scope(product.organization_id):
                    release_product(product=again(product), actor=ACTOR, at=at)

            def pay(invoice: Invoice = invoice, at: datetime = at) -> None:
                pay_invoice(invoice, at=at)

            all_at_once(release, *[pay] * 4)
            with tenant_scope(organization.pk):
                balance = prepaid_balance(organization=organization)
                notes = CreditNote.objects.count()
            row: Any = reread(product, organization)
            if row.status == "active":
                assert (balance.amount, notes) == (0, 0)
            else:
                assert (row.status, balance, notes) == ("released", invoice.total, 1)


class TestDraftsOfBefore:
    def select(self, product: Product, at: Any) -> Invoice:
        with tenant_scope(product.organization_id):
            return compose_selection(
                organization=product.organization,
                choices=[DueChoice(product.pk, 12)],
                invoice_ids=[],
                actor=ACTOR,
                at=at,
            )

    def status(self, invoice: Invoice) -> str:
        with tenant_scope(invoice.organization_id):
            return Invoice.objects.get(pk=invoice.pk).status

    def test_are_taken_back_when_the_redemption_begins(self) -> None:
        """PRD-11: a pro forma at the normal price cannot be paid any more."""
        product = make_domain(make_tenant())
        draft = self.select(product, expire(product, days=-20))
        assert drain_unpayable(at=expire(product)) == 0
        at = expire(product, days=GRACE)
        assert drain_unpayable(at=at) == 1
        assert self.status(draft) == "cancelled"
        assert drain_unpayable(at=at) == 0

    def test_the_one_over_the_restore_goes_with_the_release(self) -> None:
        """PRD-11."""
        product, at = make_redeemable(make_tenant())
        invoice = order(product, at)
        assert drain_unpayable(at=at) == 0
        assert drain_unpayable(at=expire(product, days=GRACE + REDEMPTION)) == 1
        assert self.status(invoice) == "cancelled"


class TestPages:
    def test_from_the_button_to_the_payment(self) -> None:
        """PRD-11: shown as expired, with a Restore button."""
        organization = make_tenant()
        product, _at = make_redeemable(organization)
        expired_on = now().date() - timedelta(days=GRACE + 1)
        with tenant_scope(organization.pk):
            Product.objects.filter(pk=product.pk).update(expires_on=expired_on)
        browser = client_of(first_representative(organization).user)
        path = f"/o/{organization.pk}/billing/restores/{product.pk}/"
        assert path in browser.get(f"/o/{organization.pk}/products/{product.pk}/").content.decode()
        page = browser.get(path)
        assert page.status_code == 200
        assert "120.00" in page.content.decode()
        assert browser.post(path, {"months": "7"}).status_code == 422
        answer = browser.post(path, {"months": "12"})
        assert answer.status_code == 302
        with tenant_scope(organization.pk):
            invoice = Invoice.objects.get(origin="restore")
        assert answer["Location"] == f"/o/{organization.pk}/billing/invoices/{invoice.pk}/pay/"
        assert "made out already" in browser.get(path).content.decode()

    def test_its_lines_are_in_the_language_of_the_reader(self) -> None:
        """UI-4: the invoice is in that of the organization."""
        product, at = make_redeemable(make_tenant())
        with tenant_scope(product.organization_id):
            offer = offer_restore(product=again(product), today=at.date(), language="de")
        assert offer.lines[0].description == f"Wiederherstellung von {product.name}"
        assert order(product, at).language == "en"

    def test_says_why_it_cannot_be(self) -> None:
        """UI-6."""
        organization = make_tenant()
        product = make_domain(organization)
        browser = client_of(first_representative(organization).user)
        assert browser.get(f"/o/{organization.pk}/billing/restores/{product.pk}/").status_code == 409
