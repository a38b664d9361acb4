"""Billing addresses: the verbs and their pages (BIL-8)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.users.models import User
from billing.invoices.models import Invoice
from billing.profiles.models import BillingAddress
from billing.profiles.selectors import default_address, list_addresses
from billing.profiles.services import (
    AddressData,
    AddressInUse,
    add_address,
    clear_default_address,
    edit_address,
    remove_address,
    set_default_address,
)
from billing.renewals.models import RenewalPreference
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.profile.addresses import AddressIncomplete, PostalCodeInvalid
from organizations.profile.models import Organization
from organizations.profile.vat_numbers import InvalidVatNumber
from tests.factories.billing import ACTOR, AT, make_address, make_invoice, make_legal_entity
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.products import make_product
from tests.factories.renewals import days_before, make_card, make_renewing, plan
from tests.factories.tokens import token_client

DATA = AddressData(
    kind="company",
    name="Example GmbH",
    street="Allee 1",
    postal_code="10115",
    city="Berlin",
    country="DE",
    vat_number="DE 136 695 976",
)


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def organization(owner: User) -> Iterator[Organization]:
    organization = make_tenant(owner)
    with tenant_scope(organization.pk):
        yield organization


class TestVerbs:
    def test_adds_one_with_its_number_in_the_compact_form(self, organization: Organization) -> None:
        """BIL-8."""
        address = add_address(organization=organization, data=DATA, actor=ACTOR, at=AT)
        assert (address.vat_number, address.is_default) == ("DE136695976", False)
        assert AuditEvent.objects.filter(name="billing_address.added").count() == 1

    def test_refuses_a_wrong_vat_number(self, organization: Organization) -> None:
        """BIL-6."""
        wrong = AddressData(**{**{n: getattr(DATA, n) for n in DATA.__slots__}, "vat_number": "DE136695977"})
        with pytest.raises(InvalidVatNumber):
            add_address(organization=organization, data=wrong, actor=ACTOR, at=AT)

    @pytest.mark.parametrize(
        ("country", "given", "kept"),
        [("GB", "sw1a 1aa", "SW1A 1AA"), ("IE", "", ""), ("AE", "", "")],
        ids=["written", "voluntary", "none"],
    )
    def test_takes_the_postal_code_as_the_country_writes_it(
        self, organization: Organization, country: str, given: str, kept: str
    ) -> None:
        """BIL-8, ORG-4: the same rules as for the organization itself."""
        data = replace(DATA, country=country, postal_code=given, vat_number="")
        assert add_address(organization=organization, data=data, actor=ACTOR, at=AT).postal_code == kept

    @pytest.mark.parametrize(
        ("code", "refusal"),
        [("101", PostalCodeInvalid), ("", AddressIncomplete)],
        ids=["wrong", "missing"],
    )
    def test_refuses_what_is_no_address_of_the_country(
        self, organization: Organization, code: str, refusal: type[Exception]
    ) -> None:
        """BIL-8, ORG-4: when it is added and when it is changed."""
        data = replace(DATA, postal_code=code)
        with pytest.raises(refusal):
            add_address(organization=organization, data=data, actor=ACTOR, at=AT)
        address = make_address(organization)
        with pytest.raises(refusal):
            edit_address(address=address, data=data, actor=ACTOR, at=AT)
        assert BillingAddress.objects.get() == address

    def test_bills_the_organization_itself_by_default(self, organization: Organization) -> None:
        """BIL-8."""
        assert default_address(organization=organization).name == organization.name

    def test_has_one_default_at_most(self, organization: Organization) -> None:
        """BIL-8: the newest choice counts; the organization's own comes back when cleared."""
        first, second = make_address(organization), make_address(organization, name="Second")
        for address in (first, second):
            set_default_address(address=address, actor=ACTOR, at=AT)
        assert [a.name for a in list_addresses(organization=organization) if a.is_default] == ["Second"]
        assert default_address(organization=organization).name == "Second"
        clear_default_address(organization=organization, actor=ACTOR, at=AT)
        assert default_address(organization=organization).name == organization.name

    def test_leaves_invoices_as_they_were_made_out(self, organization: Organization) -> None:
        """BIL-5."""
        address = make_address(organization, is_default=True)
        invoice = make_invoice(organization)
        edit_address(address=address, data=DATA, actor=ACTOR, at=AT)
        remove_address(address=address, actor=ACTOR, at=AT)
        invoice.refresh_from_db()
        assert invoice.buyer["name"] == "Accounting of Example AG"

    def test_refuses_to_remove_one_that_renewals_use(self, organization: Organization) -> None:
        """BIL-8: fixed for a product."""
        address = make_address(organization)
        product = make_product(organization)
        RenewalPreference.objects.create(organization=organization, product=product, address=address)
        with pytest.raises(AddressInUse):
            remove_address(address=address, actor=ACTOR, at=AT)
        assert BillingAddress.objects.count() == 1
        assert not AuditEvent.objects.filter(name="billing_address.removed").exists()


class TestPages:
    def url(self, organization: Organization, tail: str = "") -> str:
        return f"/o/{organization.pk}/billing/addresses/{tail}"

    def form(self, **changes: str) -> dict[str, str]:
        return {**{name: getattr(DATA, name) for name in DATA.__slots__}, **changes}

    def test_lists_them(self, organization: Organization, owner: User) -> None:
        """BIL-8: the organization's own among them."""
        make_address(organization, name="Branch <b>office</b>")
        page = client_of(owner).get(self.url(organization))
        assert page.status_code == 200
        assert "Branch &lt;b&gt;office" in page.content.decode()
        assert organization.name in page.content.decode()

    def test_adds_edits_makes_default_and_removes(self, organization: Organization, owner: User) -> None:
        """BIL-8: the whole way by forms."""
        client = client_of(owner)
        assert client.post(self.url(organization, "add/"), self.form()).status_code == 302
        address = BillingAddress.objects.get()
        tail = f"{address.pk}/"
        assert client.post(self.url(organization, tail), self.form(name="Other")).status_code == 302
        assert client.post(self.url(organization, tail + "default/")).status_code == 302
        address.refresh_from_db()
        assert (address.name, address.is_default) == ("Other", True)
        assert client.get(self.url(organization, tail + "remove/")).status_code == 200
        assert client.post(self.url(organization, tail + "remove/")).status_code == 302
        assert not BillingAddress.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 121),
            ("street", "a\x00b"),
            ("city", "a\x07b"),
            ("country", "XX"),
            ("kind", "martian"),
            ("vat_number", "DE136695977"),
            ("postal_code", "1" * 17),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(
        self, organization: Organization, owner: User, field: str, value: str
    ) -> None:
        """Bad input is never a 500."""
        page = client_of(owner).post(self.url(organization, "add/"), self.form(**{field: value}))
        assert page.status_code == 422
        assert field in page.context["form"].errors
        assert not BillingAddress.objects.exists()

    def test_shows_another_organizations_address_to_nobody(
        self, organization: Organization, owner: User
    ) -> None:
        """ORG-17, INC-1."""
        other = make_tenant()
        foreign = make_address(other)
        client = client_of(owner)
        for tail in (f"{foreign.pk}/", f"{foreign.pk}/remove/"):
            assert client.get(self.url(organization, tail)).status_code == 404
        assert client.post(self.url(organization, f"{foreign.pk}/default/")).status_code == 404
        assert client.get(f"/o/{other.pk}/billing/addresses/").status_code == 404

    def test_refuses_members_without_billing(self, organization: Organization) -> None:
        """ORG-6."""
        client = client_of(make_member(organization))
        assert client.get(self.url(organization)).status_code == 403
        assert client.post(self.url(organization, "add/"), self.form()).status_code == 403


class TestFixedForAProduct:
    """BIL-8, BIL-11: an address of a product's own, by page, in bulk and over the API."""

    def test_renewals_of_one_address_are_one_invoice(self, owner: User, organization: Organization) -> None:
        """BIL-11: planned before the choice, they are planned anew; the address says who needs it."""
        make_legal_entity()
        make_card(organization)
        products = [
            make_renewing(organization, name=name) for name in ("a.example", "b.example", "c.example")
        ]
        branch = make_address(organization, name="Branch office")
        [before] = plan(organization, days_before(10))
        client, page = client_of(owner), reverse("billing:renewal_address", args=[organization.pk])
        chosen = [product.pk for product in products[:2]]
        asked = client.post(page, {"selected": chosen})
        assert (asked.status_code, "Branch office" in asked.content.decode()) == (200, True)
        assert client.post(page, {"selected": chosen, "address": branch.pk}).status_code == 302
        assert Invoice.objects.get(pk=before.pk).status == "cancelled"
        plan(organization, days_before(9))
        planned = Invoice.objects.filter(status="draft").order_by("pk")
        assert sorted((invoice.billing_address_id or 0, invoice.lines.count()) for invoice in planned) == [
            (0, 1),
            (branch.pk, 2),
        ]
        remove = reverse("billing:remove_billing_address", args=[organization.pk, branch.pk])
        assert "a.example" in client.get(remove).content.decode()
        assert client.post(remove).status_code == 409
        assert client.post(page, {"selected": chosen, "address": "default"}).status_code == 302
        assert client.post(remove).status_code == 302

    def test_refuses_what_is_not_its_own(self, owner: User, organization: Organization) -> None:
        """INC-1: neither the address nor the product of another organization."""
        product, other = make_product(organization), make_tenant(make_person())
        foreign, strange = make_address(other), make_product(other)
        client, page = client_of(owner), reverse("billing:renewal_address", args=[organization.pk])
        for selected, address in ((product.pk, foreign.pk), (strange.pk, "default"), (product.pk, "x")):
            assert client.post(page, {"selected": selected, "address": address}).status_code == 404
        assert client.post(page, {"address": "default"}).status_code == 422
        assert not RenewalPreference.objects.exclude(address=None).exists()


def test_a_script_keeps_the_addresses(owner: User, organization: Organization) -> None:
    """API-1: add, change, prefer, go back to the own one, remove; the checks are those of the pages."""
    script = token_client(owner, "billing:read", "billing:write")
    path = f"/api/1/organizations/{organization.pk}/billing-addresses"
    given = {
        name: getattr(DATA, name) for name in ("kind", "name", "street", "postal_code", "city", "country")
    }
    added = script.post(path, given, content_type="application/json")
    assert added.status_code == 201
    one = f"{path}/{added.json()['data']['id']}"
    changed = script.patch(one, {"city": "Potsdam"}, content_type="application/json").json()["data"]
    assert (changed["name"], changed["city"], changed["is_default"]) == (DATA.name, "Potsdam", False)
    assert script.post(f"{one}/default").status_code == 200
    assert script.get(one).json()["data"]["is_default"] is True
    assert script.post(f"{path}/0/default").status_code == 200
    assert script.get(one).json()["data"]["is_default"] is False
    for wrong in ({"country": "XX"}, {"postal_code": "12"}, {"vat_number": "DE1"}, {"name": ""}):
        refused = script.patch(one, wrong, content_type="application/json")
        assert (refused.status_code, [*refused.json()["error"]["context"]["fields"]]) == (422, [*wrong])
    assert script.delete(one).status_code == 200
    assert script.get(path).json()["data"] == []
