"""One domain name in two unpaid orders: who pays first has it, nobody loses money (PRD-3, PRD-6)."""

import pytest
from django.urls import reverse

from billing.holds.services import release_hold
from billing.holds.status import Decision
from billing.invoices.models import CreditNote, InvoiceLine, UnfulfilledLine
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import Account, AccountKind
from billing.orders.domain_check import DomainNameOrdered
from billing.orders.models import OrderLine
from billing.orders.selectors import list_cart_lines
from billing.orders.services import cancel_order, place_order
from billing.proof.services import find_differences
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.status import ProductStatus
from tests.billing.orders.pages import text_of
from tests.factories.billing import ACTOR, make_address, make_legal_entity, pay_invoice
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.holds import STAFF, hold_of, switch_off, switch_on
from tests.factories.orders import address_of, confirm_cart, fill_cart, reread_order, total_of
from tests.factories.payments import entries_of, now
from tests.factories.products import make_plan
from tests.factories.together import all_at_once

NAME = "example.ch"


@pytest.fixture
def plan():
    make_legal_entity()
    return make_plan(kind="domain", needs_domain_name=True, extension=".ch")


def order(organization, plan, *others):
    """Return a pending order of the name, with other plans."""
    fill_cart(organization, plan, name=NAME)
    for other in others:
        fill_cart(organization, other)
    return reread_order(confirm_cart(organization), organization)


def states(placed):
    """Return the states of the order's products, as they were ordered."""
    mine = OrderLine.objects.using("system").filter(order_id=placed.pk).order_by("pk")
    return list(mine.values_list("product__status", flat=True))


def balance(organization_id):
    """Return what is on the prepaid account, in minor units."""
    accounts = Account.objects.using("system").filter(organization_id=organization_id)
    return sum(accounts.filter(kind=AccountKind.PREPAID).values_list("balance", flat=True))


class TestInOneOrganization:
    def test_the_second_order_is_refused_and_names_the_first(self, plan):
        """PRD-3: a name is paid once; cancelled, it can be ordered again."""
        organization = make_tenant()
        first = order(organization, plan)
        with pytest.raises(DomainNameOrdered) as refused:
            order(organization, plan)
        assert refused.value.context == {"order": first.pk, "name": NAME}
        with tenant_scope(organization.pk):
            cancel_order(order=first, actor=ACTOR, at=now())
        assert confirm_cart(organization).pk != first.pk

    def test_of_several_placed_at_once_one_is_taken(self, plan):
        """PRD-3: orders of one organization take turns at its row, whatever they are made of."""
        organization = make_tenant()
        fill_cart(organization, plan, name=NAME)
        with tenant_scope(organization.pk):
            (line,) = list_cart_lines(organization=organization)
        total = total_of(organization)

        def placing(key):
            def run():
                with tenant_scope(organization.pk):
                    return place_order(
                        organization=organization,
                        address=address_of(organization),
                        confirmation_key=key,
                        confirmed_total=total,
                        actor=ACTOR,
                        at=now(),
                        lines=[line],
                    )

            return run

        results = all_at_once(*(placing(f"key {number}") for number in range(4)))
        refused = [result for result in results if isinstance(result, DomainNameOrdered)]
        assert len(refused) == 3
        with tenant_scope(organization.pk):
            assert OrderLine.objects.filter(product__name=NAME).count() == 1

    def test_the_checkout_leads_to_the_first(self, plan):
        """PRD-4: the page says what to do, with the way there."""
        alice = make_person()
        organization = make_tenant(alice)
        make_address(organization, is_default=True)
        first = order(organization, plan)
        fill_cart(organization, plan, name=NAME)
        client = client_of(alice)
        path = reverse("billing:checkout", args=[organization.pk])
        shown = client.get(path).context
        fields = {
            "address": shown["cart"].chosen,
            "confirmation_key": shown["confirmation_key"],
            "confirmed_total": total_of(organization, shown["cart"].buyer),
        }
        answer = client.post(path, fields)
        assert "already ordered this domain name" in text_of(answer, 422)
        assert reverse("billing:order", args=[organization.pk, first.pk]) in answer.content.decode()


class TestInTwoOrganizations:
    def test_who_pays_first_has_it_and_the_others_money_is_balance(self, plan):
        """PRD-6: by a credit note that says why, told by mail; the rest of that order is given."""
        first, second = make_tenant(name="First AG"), make_tenant(make_person(), name="Second AG")
        mine, theirs = order(first, plan), order(second, plan, make_plan())
        pay_invoice(mine.invoice, at=now())
        pay_invoice(theirs.invoice, at=now())
        drain_outbox(at=now())
        assert states(mine) == [ProductStatus.ACTIVE]
        assert states(theirs) == [ProductStatus.TERMINATED, ProductStatus.ACTIVE]
        with tenant_scope(second.pk):
            line = InvoiceLine.objects.get(invoice=theirs.invoice, product__name=NAME)
            note = CreditNote.objects.get()
            assert not UnfulfilledLine.objects.exists()
        assert balance(second.pk) == note.total_amount == line.net_amount + line.tax_amount
        assert entries_of(second, AccountKind.PREPAID) == [note.total_amount]
        assert NAME in note.reason
        assert reread_order(theirs, second).invoice.status == InvoiceStatus.PAID
        mails = OutgoingMail.objects.using("system").filter(text__contains=note.number)
        assert mails.exists()
        # The payments of this test have no provider whose clearing they could be compared with.
        assert {found.comparison for found in find_differences()} <= {"clearing"}

    def test_of_several_paid_at_once_one_has_it(self, plan):
        """PRD-3: the name is held while it is decided."""
        placed = [order(make_tenant(name=f"Org {number}"), plan) for number in range(3)]

        def pay(one):
            return lambda: pay_invoice(one.invoice, at=now())

        all_at_once(*(pay(one) for one in placed))
        found = sorted(status for one in placed for status in states(one))
        assert found == [ProductStatus.ACTIVE, ProductStatus.TERMINATED, ProductStatus.TERMINATED]
        total = placed[0].invoice.total_amount
        assert sorted(balance(one.organization_id) for one in placed) == [0, total, total]

    def test_a_held_order_that_is_released_too_late_has_its_money_back(self, plan):
        """PRD-5: a name waits for nobody's check."""
        held, quick = make_tenant(name="Held AG"), make_tenant(name="Quick AG")
        switch_on()
        waits = order(held, plan)
        pay_invoice(waits.invoice, at=now())
        switch_off()
        pay_invoice(order(quick, plan).invoice, at=now())
        with tenant_scope(held.pk):
            release_hold(hold=hold_of(waits), decision=Decision.STAFF, reason="Known", actor=STAFF, at=now())
        assert states(waits) == [ProductStatus.TERMINATED]
        assert balance(held.pk) == waits.invoice.total_amount
