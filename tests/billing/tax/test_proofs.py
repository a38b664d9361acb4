"""The countries that speak for the customer's place are kept with the number of an invoice (BIL-6)."""

import psycopg
import pytest

from accounts.users.models import User
from billing.gateway.vocabulary import MeansKind
from billing.invoices.models import Invoice
from billing.invoices.page import build_invoice_page
from billing.invoices.services import finalize_invoice
from billing.payment_methods.models import PaymentMethod
from billing.payments.services import (
    charge_off_session,
    pay_from_prepaid,
    refresh_attempt,
    start_top_up,
)
from billing.proof.services import find_differences
from billing.tax.proofs import countries_agree, country_of_iban, known_countries
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.bank import bring, line, make_bank, reference_to
from tests.factories.billing import ACTOR, AT, make_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import fill_prepaid, make_method, now, open_checkout, provider


@pytest.fixture
def organization():
    """A customer in Germany without a VAT number, who pays German VAT."""
    return move(make_tenant(), "DE")


def move(organization, country):
    with tenant_scope(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(country=country)
        organization.refresh_from_db()
    return organization


def kept(invoice):
    """Return the countries that the invoice keeps, and whether they agree."""
    with tenant_scope(invoice.organization_id):
        evidence = Invoice.objects.get(pk=invoice.pk, organization_id=invoice.organization_id).tax_evidence
    return evidence.get("countries"), evidence.get("countries_agree")


def charge(organization, country):
    invoice, method = make_invoice(organization), make_method(organization)
    with tenant_scope(organization.pk):
        PaymentMethod.objects.filter(pk=method.pk).update(country=country)
        method.refresh_from_db()
        charge_off_session(invoice=invoice, method=method, actor=ACTOR, at=now())
    return invoice


def test_a_card_is_compared_with_address_and_organization(psp, organization):
    """BIL-6: one of the same country agrees, one of another differs, one that tells none says nothing."""
    own = {"address": "DE", "organization": "DE"}
    assert kept(charge(organization, "DE")) == ({**own, "card": "DE"}, True)
    assert kept(charge(organization, "")) == (own, True)
    differing = charge(organization, "CH")
    assert kept(differing) == ({**own, "card": "CH"}, False)
    with tenant_scope(organization.pk):
        invoice = Invoice.objects.select_related("organization").get(pk=differing.pk)
        told = dict(build_invoice_page(invoice=invoice, can_manage=True).evidence)
    sources = "Billing address: Germany · Organization: Germany · Card: Switzerland"
    assert told["Where the customer is, by source"] == sources
    assert told["Comparison"] == "They differ"
    assert find_differences() == []


def proved(invoice):
    """Return whether two independent sources speak for the country of the invoice."""
    with tenant_scope(invoice.organization_id):
        rows = Invoice.objects.filter(pk=invoice.pk, organization_id=invoice.organization_id)
        return rows.get().tax_evidence["countries_proved"]


def pay_once(organization, invoice=None, top_up=None):
    """Pay on the provider's page with a card of Switzerland that is not saved."""
    with tenant_scope(organization.pk):
        attempt = (
            open_checkout(invoice, save_means=False)
            if invoice
            else start_top_up(
                organization=organization,
                money=top_up,
                kinds=(MeansKind.CARD,),
                save_means=False,
                language="en",
                actor=ACTOR,
                at=now(),
            )
        )
        provider().pay_checkout(attempt.redirect_url)
        refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
        assert not PaymentMethod.objects.exclude(kind="prepaid").exists()


def test_a_card_that_is_used_once_and_the_top_up_of_a_balance_tell_their_country(psp, organization):
    """BIL-6: neither is saved; what a balance pays is spoken for by the card that filled it last."""
    by_card, by_balance = make_invoice(organization), make_invoice(organization)
    pay_once(organization, by_card)
    pay_once(organization, top_up=Money(100_000, "CHF"))
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=by_balance, actor=ACTOR, at=now())
    for invoice in (by_card, by_balance):
        assert kept(invoice) == ({"address": "DE", "organization": "DE", "card": "CH"}, False)
        assert not proved(invoice)


def test_two_independent_sources_prove_a_country(psp, organization):
    """BIL-6: address and organization are one; a phone abroad contradicts nothing."""
    alone = charge(organization, "")
    assert not proved(alone)
    assert proved(charge(organization, "DE"))
    told = {}
    for phone in ("+493012345678", "+41791234567", "+80012345678"):
        User.objects.update(phone=phone)  # of the one legal representative
        invoice = charge(organization, "")
        countries, agree = kept(invoice)
        told[phone] = (countries.get("phone"), agree, proved(invoice))
    assert told == {
        "+493012345678": ("DE", True, True),
        "+41791234567": ("CH", True, False),
        "+80012345678": (None, True, False),
    }


def test_a_transfer_tells_the_country_of_its_account(organization):
    """BIL-17: where the bank names the account; a part before it says nothing."""
    bank, invoice = make_bank(), make_invoice(organization)
    reference = reference_to("invoice", invoice.pk, entity=bank)
    bring(line(1_000, reference, bank_reference="B1", name="Example AG", iban="DE89370400440532013000"))
    assert kept(invoice) == (None, None)
    rest = invoice.total_amount - 1_000
    bring(line(rest, reference, bank_reference="B2", name="Example AG", iban="AT611904300234573201"))
    assert kept(invoice) == ({"address": "DE", "organization": "DE", "account": "AT"}, False)
    assert find_differences() == []


def test_a_balance_tells_nothing_and_an_issued_invoice_keeps_what_it_has(
    organization, superuser_connection: psycopg.Connection
):
    """BIL-5, BIL-6: what is known with the number stays, whatever moves or pays later."""
    fill_prepaid(organization, 100_000)
    paid, issued = make_invoice(organization), make_invoice(organization)
    move(organization, "AT")
    with tenant_scope(organization.pk):
        finalize_invoice(invoice=issued, actor=ACTOR, at=AT)
        pay_from_prepaid(invoice=issued, actor=ACTOR, at=AT)
    assert kept(issued) == ({"address": "DE", "organization": "AT"}, False)
    move(organization, "DE")
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=paid, actor=ACTOR, at=AT)
    assert kept(paid) == ({"address": "DE", "organization": "DE"}, True)
    with pytest.raises(psycopg.IntegrityError, match="frozen"):
        superuser_connection.execute("UPDATE billing_invoice SET tax_evidence = '{}'")
    assert find_differences() == []


@pytest.mark.parametrize("country", ["CH", "LI", "US"])
def test_without_vat_of_the_union_nothing_is_kept(country):
    """BIL-6: a domestic sale and an export need no proofs."""
    organization = move(make_tenant(), country)
    fill_prepaid(organization, 100_000)
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=invoice, actor=ACTOR, at=AT)
    assert kept(invoice) == (None, None)


def test_what_is_no_country_says_nothing():
    """BIL-16: whatever a provider or bank writes, the money is taken in; one law of VAT is one country."""
    assert known_countries({"card": "??", "account": country_of_iban(" 1"), "address": "FR", "x": "DE"}) == {
        "address": "FR"
    }
    assert countries_agree({"address": "FR", "card": "MC"})
    assert not countries_agree({"address": "FR", "card": "BE"})
