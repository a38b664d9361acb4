"""What money means for a transfer: unpaid lines block, invoices and orders stay (BIL-10, BIL-16)."""

import psycopg
import pytest
from django.db import IntegrityError, transaction

from billing.renewals.models import RenewalPreference
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.access.locks import OrganizationDeleted
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.transfer.errors import NotTransferable
from tests.factories.billing import make_invoice, make_line, pay_invoice
from tests.factories.cast import client_of
from tests.factories.members import first_representative
from tests.factories.orders import make_order
from tests.factories.renewals import days_before, lines_of, make_card, make_renewing, plan, renewals_of
from tests.factories.transfers import accept, offer


def test_an_unpaid_invoice_that_names_it_blocks_the_offer(
    giver: Organization, taker: Organization, product: Product
) -> None:
    """The giver pays or cancels first; afterwards the invoice stays the giver's."""
    invoice = make_invoice(giver, [make_line(product=product)], origin="selection")
    with pytest.raises(NotTransferable, match="unpaid invoice"):
        offer(product)
    pay_invoice(invoice)
    accept(offer(product), taker)
    client = client_of(first_representative(giver).user)
    page = client.get(f"/o/{giver.pk}/billing/invoices/{invoice.pk}/")
    assert "Web hosting" in page.content.decode()


def test_an_invoice_begun_after_the_offer_blocks_its_acceptance(
    giver: Organization, taker: Organization, product: Product
) -> None:
    """The product would go while somebody owes for it."""
    transfer = offer(product)
    make_invoice(giver, [make_line(product=product)], origin="selection")
    with pytest.raises(NotTransferable):
        accept(transfer, taker)
    with tenant_scope(giver.pk):
        assert Product.objects.filter(pk=product.pk).exists()


def test_planned_renewals_are_taken_back_with_the_offer(giver: Organization, taker: Organization) -> None:
    """BIL-10: nobody is charged for what is on offer; a neighbour on the same draft is planned anew."""
    card = make_card(giver)
    product, neighbour = make_renewing(giver), make_renewing(giver)
    with tenant_scope(giver.pk):
        RenewalPreference.objects.create(organization=giver, product=product, method=card)
    at = days_before(14)
    (draft,) = plan(giver, at)
    transfer = offer(product, at=at)
    with pytest.raises(NotTransferable):
        accept(transfer, taker, at=at)
    drain_outbox(at=at)
    assert {renewal.status for renewal in renewals_of(giver)} == {"cancelled"}
    accept(transfer, taker, at=at)
    drain_outbox(at=at)
    (again,) = plan(giver, at)
    assert (again.pk != draft.pk, lines_of(giver)) == (True, [(neighbour.pk,)])
    with tenant_scope(giver.pk):
        assert not RenewalPreference.objects.exists()


def test_the_order_stays_with_the_giver_by_the_plans_name(giver: Organization, taker: Organization) -> None:
    """Pages and operations of orders go on working without the product."""
    order = make_order(giver)
    pay_invoice(order.invoice)
    drain_outbox(at=order.created_at)
    with tenant_scope(giver.pk):
        product = Product.objects.select_related("organization", "plan").get()
    accept(offer(product, at=order.created_at), taker, at=order.created_at)
    client = client_of(first_representative(giver).user)
    for path in (f"/o/{giver.pk}/billing/orders/?status=paid", f"/o/{giver.pk}/billing/orders/{order.pk}/"):
        page = client.get(path).content.decode()
        assert product.plan.name in page
    assert "Transferred" in page


class TestTheDatabase:
    def test_refuses_a_line_for_a_product_of_another_organization(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """ORG-17: also where the code above forgets it, and also for one that has just gone."""
        accept(offer(product), taker)
        with pytest.raises(IntegrityError, match="a product of its organization"), transaction.atomic():
            make_invoice(giver, [make_line(product=product)], origin="selection")

    def test_lets_no_role_change_the_organization_of_a_row(
        self, giver: Organization, taker: Organization, product: Product, as_role
    ) -> None:
        """ORG-17: the transfer weakens no policy: in no scope can a row be pushed over."""
        for role in ("web", "worker", "owner"):
            connection = as_role(role)
            for scope in (giver.pk, taker.pk):
                connection.execute("SELECT set_config('app.organization', %s, false)", [str(scope)])
                try:
                    moved = connection.execute(
                        "UPDATE products_product SET organization_id = %s WHERE id = %s",
                        [taker.pk, product.pk],
                    ).rowcount
                except psycopg.errors.InsufficientPrivilege:
                    moved = 0
                assert moved == 0

    def test_keeps_everything_when_the_second_half_fails(
        self, giver: Organization, taker: Organization, product: Product, superuser_connection
    ) -> None:
        """One transaction: a row that cannot arrive does not leave."""
        transfer = offer(product)
        superuser_connection.execute(
            "UPDATE organizations_organization SET deleted_at = now() WHERE id = %s", [taker.pk]
        )
        with pytest.raises(OrganizationDeleted):
            accept(transfer, taker)
        with tenant_scope(giver.pk):
            assert Product.objects.get().pk == product.pk
