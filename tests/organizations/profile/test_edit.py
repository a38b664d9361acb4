"""Edit the organization's sheet (ORG-4)."""

import pytest

from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from organizations.profile.services import edit_organization
from organizations.profile.services.edit import CurrencyIsFixed
from organizations.profile.vat_numbers import InvalidVatNumber, check_vat_number
from tests.factories.billing import make_invoice
from tests.factories.cast import AT, client_of, make_tenant
from tests.factories.members import actor_of, first_representative

SHEET = {
    "name": "Example AG",
    "kind": "company",
    "street": "Bahnhofstrasse 1",
    "postal_code": "8001",
    "city": "Zürich",
    "country": "CH",
    "vat_number": "",
    "language": "de",
    "time_zone": "Europe/Zurich",
}


@pytest.fixture
def organization():
    return make_tenant(name="Example AG")


def edit(organization, **values):
    actor = actor_of(first_representative(organization).user)
    return edit_organization(organization=organization, values=values, actor=actor, at=AT)


class TestTheSheet:
    def test_is_saved_with_old_and_new_in_the_audit_log(self, organization):
        """ORG-4, ORG-16"""
        edit(organization, city="Bern", postal_code="3000")
        edit(organization, city="Berne")
        with tenant_scope(organization.pk):
            event = AuditEvent.objects.filter(name="organization.edited").latest("pk")
            assert Organization.objects.get().city == "Berne"
        assert event.data["changes"] == {"city": {"from": "Bern", "to": "Berne"}}

    def test_keeps_what_is_no_part_of_it(self, organization):
        """Mass assignment changes nothing."""
        edit(organization, currency="EUR", id="1", created_at="2000-01-01")
        with tenant_scope(organization.pk):
            assert Organization.objects.get().currency == "CHF"

    def test_follows_its_country_to_another_currency_while_nothing_is_billed(self, organization):
        """ORG-4: the country's address sets the currency."""
        assert edit(organization, country="LI").currency == "CHF"
        row = edit(organization, country="DE", vat_number="DE136695976")
        assert (row.currency, row.vat_number) == ("EUR", "DE136695976")
        with tenant_scope(organization.pk):
            assert Organization.objects.get().currency == "EUR"
            event = AuditEvent.objects.filter(name="organization.edited").latest("pk")
        assert event.data["changes"]["currency"] == {"from": "CHF", "to": "EUR"}

    def test_refuses_a_country_of_another_currency_once_there_are_documents(self, organization):
        """ORG-4: an upper floor tells; the page says why, the verb refuses."""
        client = client_of(first_representative(organization).user)
        path = f"/o/{organization.pk}/settings/"
        assert "follows the country" in client.get(path).content.decode()
        make_invoice(organization)
        with pytest.raises(CurrencyIsFixed):
            edit(organization, country="DE")
        assert edit(organization, country="LI").currency == "CHF"
        assert "there are invoices in it" in client.get(path).content.decode()
        answer = client.post(path, {**SHEET, "country": "FR", "postal_code": "75001"})
        assert answer.status_code == 422
        assert "country" in answer.context["form"].errors

    def test_is_edited_on_its_page(self, organization):
        """ORG-4"""
        client = client_of(first_representative(organization).user)
        path = f"/o/{organization.pk}/settings/"
        assert client.get(path).status_code == 200
        assert client.post(path, SHEET).status_code == 302
        assert "Bahnhofstrasse 1" in client.get(path).content.decode()

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 121}, "name"),
            ({"city": "A\x00"}, "city"),
            ({"country": "ZZ"}, "country"),
            ({"postal_code": ""}, "postal_code"),
            ({"postal_code": "80001"}, "postal_code"),
            ({"city": ""}, "city"),
            ({"vat_number": "CHE-123.456.789 MWST"}, "vat_number"),
            ({"time_zone": "Mars/Base"}, "time_zone"),
            ({"language": "xx"}, "language"),
            ({"kind": "king"}, "kind"),
        ],
    )
    def test_shows_what_is_wrong_beside_the_field(self, organization, wrong, field):
        """Bad input is answered with 422."""
        client = client_of(first_representative(organization).user)
        answer = client.post(f"/o/{organization.pk}/settings/", {**SHEET, **wrong})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors


class TestVatNumbers:
    @pytest.mark.parametrize(
        ("country", "typed", "stored"),
        [
            ("CH", "", ""),
            ("CH", "CHE-107.787.577 IVA", "CHE107787577IVA"),
            ("CH", "CHE-107.787.577", "CHE107787577MWST"),
            ("DE", "de 136 695 976", "DE136695976"),
            ("AT", "ATU13585627", "ATU13585627"),
            ("IT", "00743110157", "IT00743110157"),
            ("GR", "EL 094259216", "EL094259216"),
            ("US", "12-3456789", "12-3456789"),
        ],
    )
    def test_are_kept_in_one_form(self, country, typed, stored):
        """ORG-4"""
        assert check_vat_number(country=country, number=typed) == stored

    @pytest.mark.parametrize(
        ("country", "typed"),
        [
            ("CH", "CHE-107.787.578 IVA"),
            ("DE", "DE136695977"),
            ("FR", "DE136695976"),
            ("US", "<b>"),
            ("IT", "x" * 40),
        ],
    )
    def test_with_wrong_digits_are_refused(self, country, typed):
        """ORG-4"""
        with pytest.raises(InvalidVatNumber):
            check_vat_number(country=country, number=typed)
