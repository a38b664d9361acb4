"""A payment that the payer's bank takes back: followed as the provider tells it, booked once (BIL-14)."""

import random

import pytest

from billing.disputes.models import Dispute
from billing.disputes.rights import LOOK_AFTER_DISPUTES
from billing.disputes.status import DisputeStatus
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payment_methods.api import MethodOutput
from billing.payment_methods.selectors import is_disputed, methods_to_try
from billing.payments.services import pay_with_method
from billing.proof.services import find_differences
from billing.refunds.fees import drain_fees
from billing.refunds.models import ChargeFee
from billing.refunds.selectors import get_refundable
from billing.webhooks.periodic import drain_provider_events
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.status import ProductStatus
from tests.billing.webhooks.sending import send_all
from tests.factories.cast import client_of
from tests.factories.identity import make_staff, staff_client
from tests.factories.payments import (
    ACTOR,
    entries_of,
    make_method,
    make_order_invoice,
    now,
    open_checkout,
    provider,
)
from tests.factories.products import reread

FEE = 1_500


@pytest.fixture
def paid(psp, organization):
    invoice, product = make_order_invoice(organization)
    method = make_method(organization)
    with tenant_scope(organization.pk):
        attempt = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
    return reread(invoice, organization), attempt, method, product


def sums(organization):
    return {
        kind.value: sum(entries_of(organization, kind))
        for kind in (AccountKind.PROVIDER, AccountKind.DISPUTES, AccountKind.REFUNDS, AccountKind.FEES)
    }


@pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
def test_follows_a_dispute_to_its_end(paid, organization, owner, won):
    """BIL-14: opened, taken, decided; any order and number of messages books each step once."""
    invoice, attempt, method, _product = paid
    total = invoice.total_amount
    staff = make_staff(LOOK_AFTER_DISPUTES)
    number = provider().dispute(attempt.charge_reference)
    send_all(prefix="charge.dispute", times=3, chance=random.Random(5))
    drain_provider_events(at=now())
    assert sums(organization) == {
        "provider": -total + total + FEE,
        "disputes": -total,
        "refunds": 0,
        "fees": -FEE,
    }
    with tenant_scope(organization.pk):
        row = Dispute.objects.get()
        assert (row.status, row.money, row.evidence_due_at is not None) == ("open", invoice.total, True)
        assert is_disputed(method)
        assert MethodOutput(method).data["is_disputed"]
        assert methods_to_try(organization=organization, first=method) == []
        assert get_refundable(invoice=invoice).left.amount == 0
    page = client_of(owner).get(f"/o/{organization.pk}/billing/invoices/{invoice.pk}/").content.decode()
    assert "This payment is disputed" in page
    means = client_of(owner).get(f"/o/{organization.pk}/billing/payment-methods/").content.decode()
    assert "A payment by it is disputed" in means
    assert find_differences() == []

    provider().dispute(number, won=won)
    send_all(prefix="charge.dispute", times=2, chance=random.Random(6))
    assert sums(organization) == {
        "provider": (-total if won else 0) + FEE,
        "disputes": 0,
        "refunds": 0 if won else -total,
        "fees": -FEE,
    }
    with tenant_scope(organization.pk):
        assert Dispute.objects.get().status == (DisputeStatus.WON if won else DisputeStatus.LOST)
        assert is_disputed(method) is not won
        assert get_refundable(invoice=invoice).left.amount == (total if won else 0)
    assert find_differences() == []
    drain_outbox(at=now())
    mails = OutgoingMail.objects.using("system").filter(template="dispute_changed", recipient=staff.email)
    opened, closed = mails.order_by("pk")
    assert (f"A payment of {organization.name} is disputed", number in closed.text) == (opened.subject, False)
    assert closed.subject == f"Dispute {'won' if won else 'lost'}: {organization.name}"
    assert f"/staff/disputes/{row.pk}/" in opened.text
    assert "Reason of the payer: The card's owner did not order it." in opened.text


def test_staff_see_the_deadline_and_suspend_by_hand(paid, organization, query_count):
    """BIL-14: nothing is suspended by itself."""
    _invoice, attempt, _method, product = paid
    provider().dispute(attempt.charge_reference, reason="product_not_received")
    send_all(prefix="charge.dispute", times=1, chance=random.Random(7))
    staff = staff_client(make_staff(LOOK_AFTER_DISPUTES))
    with tenant_scope(organization.pk):
        row = Dispute.objects.get()
    with query_count() as seen:
        listed = staff.get("/staff/disputes/", {"status": "undecided"}).content.decode()
    assert "What was ordered was not received" in listed
    assert "product_not_received" not in listed
    assert seen.count < 20
    assert "Suspend the products" in staff.get(f"/staff/disputes/{row.pk}/").content.decode()
    assert reread(product, organization).status == ProductStatus.ACTIVE
    assert staff.post(f"/staff/disputes/{row.pk}/suspend/").status_code == 302
    assert reread(product, organization).status == ProductStatus.SUSPENDED


def test_the_fee_of_a_charge_is_booked_once(psp, organization):
    """BIL-15: what the provider keeps stands on its own account."""
    provider().keep_fees(basis_points=290, fixed=30)
    invoice, _ = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        pay_with_method(invoice=invoice, method=make_method(organization), actor=ACTOR, at=now())
    fee = (invoice.total_amount * 290 + 5_000) // 10_000 + 30
    drain_outbox(at=now())
    assert (drain_fees(at=now()), drain_fees(at=now())) == (1, 0)
    with tenant_scope(organization.pk):
        assert ChargeFee.objects.get().amount == fee
    assert entries_of(organization, AccountKind.FEES) == [-fee]
    assert entries_of(organization, AccountKind.PROVIDER) == [-invoice.total_amount, fee]
    assert find_differences() == []


def test_a_dispute_that_is_heard_of_before_its_payment_is_booked(psp, organization):
    """BIL-14, INC-23: the message of the payment comes late; the provider is asked for both."""
    invoice, _product = make_order_invoice(organization)
    provider().pay_checkout(open_checkout(invoice).redirect_url)
    provider().dispute(provider().charges()[0]["payment_intent"])
    send_all(prefix="charge.dispute", times=1, chance=random.Random(1))
    drain_provider_events(at=now())
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert sums(organization)["disputes"] == -invoice.total_amount
    assert find_differences() == []
