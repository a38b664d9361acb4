"""Charge a saved means: with the person here, and without (BIL-3, BIL-10, BIL-11)."""

import pytest

from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payment_methods.services import MethodRemoved, remove_method, use_prepaid
from billing.payments.services import (
    InsufficientBalance,
    InvoiceNotPayable,
    RequestKeyReused,
    charge_off_session,
    confirm_payment,
    pay_from_prepaid,
    pay_with_method,
    refresh_attempt,
)
from billing.payments.status import AttemptStatus
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from tests.factories.cast import make_tenant
from tests.factories.payments import (
    ACTOR,
    entries_of,
    fill_prepaid,
    make_method,
    make_order_invoice,
    now,
    provider,
)
from tests.factories.products import reread


def names(organization):
    with tenant_scope(organization.pk):
        return sorted(OutboxEvent.objects.values_list("name", flat=True))


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def invoice(organization):
    return make_order_invoice(organization)[0]


class TestPersonIsHere:
    def test_pays_at_once(self, psp, organization, invoice):
        """BIL-3, BIL-10."""
        method = make_method(organization)
        with tenant_scope(organization.pk):
            attempt = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
        assert attempt.status == AttemptStatus.SUCCEEDED
        paid = reread(invoice, organization)
        assert (paid.status, paid.paid_with) == (InvoiceStatus.PAID, "Visa •••• 4242")

    def test_goes_to_the_bank_for_approval(self, psp, organization, invoice):
        """BIL-11: 3-D Secure."""
        method = make_method(organization, "pm_card_authenticationRequired")
        with tenant_scope(organization.pk):
            attempt = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
            assert (attempt.status, bool(attempt.redirect_url)) == (AttemptStatus.REQUIRES_ACTION, True)
            provider().submit(attempt.redirect_url, {"decision": "approve"})
            assert refresh_attempt(attempt=attempt, actor=ACTOR, at=now()).status == AttemptStatus.SUCCEEDED
        assert reread(invoice, organization).status == InvoiceStatus.PAID

    def test_tells_why_a_card_is_refused(self, psp, organization, invoice):
        """BIL-11: a refusal leaves the invoice as it is."""
        method = make_method(organization)
        provider().set_means(method.reference, behaviour="decline_charge:insufficient_funds")
        with tenant_scope(organization.pk):
            attempt = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
        assert (attempt.status, attempt.decline_kind) == (AttemptStatus.FAILED, "soft")
        assert attempt.decline_code == "insufficient_funds"
        assert reread(invoice, organization).status == InvoiceStatus.DRAFT
        assert "payment.failed" in names(organization)

    def test_refuses_a_paid_invoice(self, psp, organization, invoice):
        """BIL-16."""
        method = make_method(organization)
        with tenant_scope(organization.pk):
            pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
            with pytest.raises(InvoiceNotPayable):
                pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now())
        assert len(provider().charges()) == 1

    def test_refuses_a_removed_means(self, psp, organization, invoice):
        """BIL-9."""
        method = make_method(organization)
        with tenant_scope(organization.pk):
            removed = remove_method(method=method, actor=ACTOR, at=now())
            with pytest.raises(MethodRemoved):
                pay_with_method(invoice=invoice, method=removed, actor=ACTOR, at=now())

    def test_answers_a_repeated_request_with_the_first_payment(self, psp, organization, invoice):
        """API-5."""
        method = make_method(organization)
        other, _ = make_order_invoice(organization)
        with tenant_scope(organization.pk):
            first = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now(), request_key="k1")
            again = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now(), request_key="k1")
            with pytest.raises(RequestKeyReused):
                pay_with_method(invoice=other, method=method, actor=ACTOR, at=now(), request_key="k1")
        assert first.pk == again.pk
        assert len(provider().charges()) == 1


class TestOffSession:
    def test_waits_for_an_approval_of_the_same_charge(self, psp, organization, invoice):
        """BIL-11: confirmed on-session, it is one charge."""
        method = make_method(organization, "pm_card_authenticationRequired")
        with tenant_scope(organization.pk):
            attempt = charge_off_session(invoice=invoice, method=method, actor=ACTOR, at=now())
            assert (attempt.status, attempt.decline_kind) == (AttemptStatus.REQUIRES_ACTION, "authentication")
            assert "payment.requires_action" in names(organization)
            reference = attempt.reference
            attempt = confirm_payment(
                attempt=attempt, return_url="https://panel.test/", actor=ACTOR, at=now()
            )
            assert attempt.reference == reference
            provider().submit(attempt.redirect_url, {"decision": "approve"})
            attempt = refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
        assert attempt.status == AttemptStatus.SUCCEEDED
        assert len(provider().charges()) == 1

    def test_a_hard_decline_is_told_as_hard(self, psp, organization, invoice):
        """BIL-11: lost cards are not tried again."""
        method = make_method(organization)
        provider().set_means(method.reference, behaviour="decline_charge:lost_card")
        with tenant_scope(organization.pk):
            attempt = charge_off_session(invoice=invoice, method=method, actor=ACTOR, at=now())
        assert (attempt.status, attempt.decline_kind) == (AttemptStatus.FAILED, "hard")

    def test_an_empty_balance_is_a_soft_decline(self, psp, organization, invoice):
        """BIL-7, BIL-11."""
        with tenant_scope(organization.pk):
            method = use_prepaid(organization=organization, actor=ACTOR, at=now())
            attempt = charge_off_session(invoice=invoice, method=method, actor=ACTOR, at=now())
        assert (attempt.status, attempt.decline_code) == (AttemptStatus.FAILED, "insufficient_balance")


class TestPrepaid:
    def test_pays_the_whole_invoice(self, psp, organization, invoice):
        """BIL-7."""
        fill_prepaid(organization, 50_000)
        with tenant_scope(organization.pk):
            attempt = pay_from_prepaid(invoice=invoice, actor=ACTOR, at=now())
        assert attempt.status == AttemptStatus.SUCCEEDED
        assert entries_of(organization, AccountKind.PREPAID) == [50_000, -invoice.total_amount]
        assert reread(invoice, organization).status == InvoiceStatus.PAID

    def test_never_falls_below_zero(self, psp, organization, invoice):
        """BIL-7."""
        fill_prepaid(organization, invoice.total_amount - 1)
        with tenant_scope(organization.pk), pytest.raises(InsufficientBalance):
            pay_from_prepaid(invoice=invoice, actor=ACTOR, at=now())
        assert reread(invoice, organization).status == InvoiceStatus.DRAFT
