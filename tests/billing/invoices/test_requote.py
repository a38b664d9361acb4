"""The VAT of an unpaid draft is that of the day on which it is paid (BIL-6)."""

from datetime import date, timedelta

import pytest

from billing.invoices.models import Invoice
from billing.invoices.services import finalize_invoice
from billing.invoices.services.requote import InvoiceChanged, require_current, requote_draft
from billing.payments.services import pay_from_prepaid
from billing.profiles.selectors import default_address
from billing.tax.services import add_rate
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization, VatCheck
from tests.factories.billing import ACTOR, AT, make_address, make_invoice, make_line
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import fill_prepaid
from tests.factories.products import make_product

CHANGE = date(2026, 12, 1)
LATER = AT + timedelta(days=20)


@pytest.fixture
def organization():
    organization = make_tenant(make_person())
    with tenant_scope(organization.pk):
        yield organization


def raise_rate(percent: int = 1000) -> None:
    add_rate(country="CH", rate=percent, valid_from=CHANGE, today=AT.date(), actor=ACTOR, at=AT)


def test_a_draft_follows_the_rate_once_and_prices_stay(organization: Organization) -> None:
    """BIL-6: asked again, nothing has changed any more."""
    draft = make_invoice(organization, [make_line(10_000), make_line(555, quantity=3)])
    raise_rate()
    assert not requote_draft(invoice=draft, actor=ACTOR, at=AT)
    with pytest.raises(InvoiceChanged):
        require_current(invoice=draft, actor=ACTOR, at=LATER)
    draft = Invoice.objects.get(pk=draft.pk)
    assert (draft.net_amount, draft.tax_amount, draft.total_amount) == (11_665, 1_167, 12_832)
    assert [line.tax_rate for line in draft.lines.all()] == [1000, 1000]
    assert draft.tax_evidence["on"] == "2026-12-12"
    require_current(invoice=draft, actor=ACTOR, at=LATER)
    assert AuditEvent.objects.filter(name="invoice.vat_updated").count() == 1


def test_what_is_supplied_before_the_change_keeps_its_rate(organization: Organization) -> None:
    """BIL-6: the day of supply of a renewal is the first day of its period."""
    product = make_product(organization)
    before = make_line(10_000, product=product, period=(date(2026, 11, 25), CHANGE))
    after = make_line(10_000, product=product, period=(CHANGE, date(2027, 12, 1)))
    raise_rate()
    draft = make_invoice(organization, [before, after])
    assert [line.tax_rate for line in draft.lines.order_by("position")] == [810, 1000]
    assert not requote_draft(invoice=draft, actor=ACTOR, at=LATER)


def test_what_has_a_number_never_changes(organization: Organization) -> None:
    """BIL-5, BIL-6."""
    draft = make_invoice(organization)
    issued = finalize_invoice(invoice=draft, actor=ACTOR, at=AT)
    raise_rate()
    require_current(invoice=issued, actor=ACTOR, at=LATER)
    assert Invoice.objects.get(pk=draft.pk).tax_amount == 810


def test_a_person_is_asked_once_more_and_a_renewal_is_charged(organization: Organization) -> None:
    """BIL-6: nobody pays another total than the one that was shown."""
    drafts = [make_invoice(organization), make_invoice(organization)]
    fill_prepaid(organization, 50_000)
    raise_rate()
    with pytest.raises(InvoiceChanged):
        pay_from_prepaid(invoice=drafts[0], actor=ACTOR, at=LATER)
    assert pay_from_prepaid(invoice=drafts[0], actor=ACTOR, at=LATER).amount == 11_000
    assert pay_from_prepaid(invoice=drafts[1], actor=ACTOR, at=LATER, initiator="renewal").amount == 11_000


def test_the_register_says_no_before_the_payment(organization: Organization) -> None:
    """BIL-6: taken for valid by its form so far; now the draft bears VAT, and the evidence says why."""
    make_address(organization, country="DE", vat_number="DE136695976", is_default=True)
    draft = make_invoice(organization, address=default_address(organization=organization))
    assert (draft.tax_code, draft.tax_amount) == ("reverse_charge", 0)
    VatCheck.objects.create(
        organization=organization,
        number="DE136695976",
        state="not_valid",
        asked_at=AT,
        answered_at=AT,
        reference="WAPI1",
    )
    assert requote_draft(invoice=draft, actor=ACTOR, at=LATER)
    draft = Invoice.objects.get(pk=draft.pk)
    assert (draft.tax_code, draft.tax_amount) == ("eu_destination", 1_900)
    assert (draft.tax_evidence["vat_number_check"], draft.tax_evidence["vat_reference"]) == (
        "not_registered",
        "WAPI1",
    )
