"""The means and the billing address of many products at once: by rows, by the filter, over the API."""

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.users.models import User
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import Initiator, PaymentAttempt, Way
from billing.payments.status import AttemptStatus
from billing.renewals import objections
from billing.renewals.models import RenewalPreference
from billing.renewals.rules import NOT_RUNNING
from billing.renewals.services import fail_renewals, prefer_address, prefer_method
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.cast import client_of, make_member, make_tenant
from tests.factories.products import make_many_products, make_plan, make_product
from tests.factories.renewals import ACTOR, days_before, make_card, make_renewing, plan, read, renewals_of
from tests.factories.tokens import token_client


@pytest.fixture
def organization(owner: User) -> Organization:
    """Return her organization, with a card that is its default."""
    make_legal_entity()
    made = make_tenant(owner)
    make_card(made)
    return made


@pytest.fixture
def page(owner: User) -> Client:
    """Return Anna's browser."""
    return client_of(owner)


def url_of(organization: Organization, name: str = "billing:renewal_means") -> str:
    return reverse(name, args=[organization.pk])


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def preferences(organization: Organization) -> dict[str, int | None]:
    """Return the means fixed by the name of the product."""
    with tenant_scope(organization.pk):
        rows = RenewalPreference.objects.filter(organization_id=organization.pk)
        return dict(rows.values_list("product__name", "method_id"))


def expire(method: PaymentMethod) -> None:
    with tenant_scope(method.organization_id):
        PaymentMethod.objects.filter(organization_id=method.organization_id, pk=method.pk).update(
            expiry_year=2020
        )


class TestOnThePage:
    def test_what_is_selected_has_the_means_and_each_is_in_the_log(
        self, page: Client, organization: Organization
    ) -> None:
        """BIL-10, ORG-16: asked first, then kept for each; others keep what they have."""
        card = make_card(organization)
        first, second, _other = (make_product(organization, name=name) for name in "abc")
        selected = [first.pk, second.pk]
        asked = text_of(page.post(url_of(organization), {"selected": selected}))
        assert "What 2 products renew with" in asked
        assert f'name="selected" value="{second.pk}"' in asked
        sent = page.post(url_of(organization), {"selected": selected, "method": card.pk}, follow=True)
        assert "2 products renew with the chosen means from now on." in text_of(sent)
        assert preferences(organization) == {"a": card.pk, "b": card.pk}
        events = AuditEvent.objects.using("system").filter(name="product.payment_method_chosen")
        assert sorted(events.values_list("subject_id", "data__method")) == [
            (first.pk, card.pk),
            (second.pk, card.pk),
        ]
        page.post(url_of(organization), {"selected": selected, "method": "default"})
        assert preferences(organization) == {"a": None, "b": None}

    def test_all_that_match_have_it_on_every_page(self, page: Client, organization: Organization) -> None:
        """BIL-10: by the list's filter, more than any page shows."""
        card, kind = make_card(organization), make_plan()
        make_many_products(organization, 320, plan=kind, begin=datetime.now(UTC).date())
        make_product(organization, name="other", plan=kind)
        given = {"all": "1", "q": "site", "show": ""}
        asked = text_of(page.post(url_of(organization), given))
        assert "What 320 products renew with" in asked
        assert 'name="q" value="site"' in asked
        page.post(url_of(organization), given | {"method": card.pk})
        kept = preferences(organization)
        assert (len(kept), set(kept.values())) == (320, {card.pk})

    def test_all_that_match_are_billed_to_the_address(self, page: Client, organization: Organization) -> None:
        """BIL-8: of 320 none is left out, and the page says how many they are."""
        address = make_address(organization)
        make_many_products(organization, 320, plan=make_plan(), begin=datetime.now(UTC).date())
        url = url_of(organization, "billing:renewal_address")
        sent = page.post(url, {"all": "1", "q": "site", "address": address.pk}, follow=True)
        assert "320 products are billed to the chosen address" in text_of(sent)
        with tenant_scope(organization.pk):
            assert RenewalPreference.objects.filter(address=address).count() == 320

    def test_a_means_that_cannot_be_charged_says_why_and_is_refused(
        self, page: Client, organization: Organization
    ) -> None:
        """UI-6, BIL-9: greyed with the reason; sent all the same, nothing is kept."""
        product, ended = make_product(organization), make_card(organization)
        expire(ended)
        asked = text_of(page.post(url_of(organization), {"selected": product.pk}))
        assert str(objections.EXPIRED) in asked
        refused = page.post(url_of(organization), {"selected": product.pk, "method": ended.pk})
        assert refused.status_code == 409
        assert str(objections.EXPIRED) in text_of(refused)
        assert preferences(organization) == {}

    def test_what_was_not_reached_is_told_row_by_row(self, page: Client, organization: Organization) -> None:
        """BIL-10: the ended one has its reason, the other one its means."""
        card = make_card(organization)
        fine, ended = make_product(organization, name="fine"), make_product(organization, name="ended")
        with tenant_scope(organization.pk):
            Product.objects.filter(pk=ended.pk).update(status="terminated")
        answer = page.post(url_of(organization), {"selected": [fine.pk, ended.pk], "method": card.pk})
        assert answer.status_code == 409
        told = text_of(answer)
        assert str(NOT_RUNNING) in told
        assert "1 product renews with the chosen means from now on." in told
        assert preferences(organization) == {"fine": card.pk}

    @pytest.mark.parametrize(
        "data", [{}, {"selected": "x"}, {"selected": ["1"] * 201}, {"all": "1", "q": "no"}]
    )
    def test_refuses_a_selection_of_nothing_or_too_much(
        self, page: Client, organization: Organization, data: dict[str, Any]
    ) -> None:
        """BIL-10."""
        assert page.post(url_of(organization), data | {"method": "default"}).status_code == 422

    def test_readers_do_not_choose(self, organization: Organization) -> None:
        """ORG-6."""
        product = make_product(organization)
        reader = client_of(make_member(organization, has_billing=False))
        sent = reader.post(url_of(organization), {"selected": product.pk, "method": "default"})
        assert sent.status_code == 403

    def test_a_strangers_product_or_means_does_not_exist(
        self, page: Client, organization: Organization
    ) -> None:
        """INC-1."""
        product, other = make_product(organization), make_tenant()
        strange, foreign = make_product(other), make_card(other)
        for selected, method in (([product.pk, strange.pk], "default"), ([product.pk], foreign.pk)):
            sent = page.post(url_of(organization), {"selected": selected, "method": method})
            assert sent.status_code == 404
        assert preferences(organization) == {}


class TestPlanned:
    def prefer(self, organization: Organization, products: list[Product], method: PaymentMethod) -> Any:
        return read(
            lambda: prefer_method(
                organization=organization,
                product_ids=[product.pk for product in products],
                method=method,
                actor=ACTOR,
                at=days_before(12),
            ),
            organization,
        )

    def test_an_invoice_of_chosen_products_alone_stays(self, organization: Organization) -> None:
        """BIL-11: both are tried with the new means, together, today."""
        products = [make_renewing(organization, name=name) for name in "ab"]
        [invoice] = plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            fail_renewals(
                invoice=invoice, decline_kind="hard", decline_code="x", actor=ACTOR, at=days_before(14)
            )
        card = make_card(organization)
        assert self.prefer(organization, products, card).held == []
        rows = renewals_of(organization)
        assert {(row.invoice_id, row.method_id, row.next_attempt_on) for row in rows} == {
            (invoice.pk, card.pk, days_before(12).date())
        }

    def test_an_invoice_of_others_as_well_is_taken_back_once(self, organization: Organization) -> None:
        """BIL-11: another means is another invoice; what is planned anew is two."""
        products = [make_renewing(organization, name=name) for name in "abc"]
        plan(organization, days_before(14))
        card = make_card(organization)
        assert self.prefer(organization, products[:2], card).held == []
        assert {row.status for row in renewals_of(organization)} == {"cancelled"}
        anew = plan(organization, days_before(12))
        with tenant_scope(organization.pk):
            assert sorted(invoice.lines.count() for invoice in anew) == [1, 2]

    def test_what_is_charged_at_this_moment_is_told(self, organization: Organization) -> None:
        """BIL-16: the charge goes on with what it has; the choice is kept for the next one."""
        first, _second = [make_renewing(organization, name=name) for name in "ab"]
        [invoice] = plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            PaymentAttempt.objects.create(
                organization_id=organization.pk,
                invoice=invoice,
                sequence=1,
                gateway="stripe",
                way=Way.OFF_SESSION,
                initiator=Initiator.RENEWAL,
                status=AttemptStatus.CREATED,
                amount=invoice.total_amount,
                currency=invoice.currency,
                created_at=days_before(12),
                lease_until=days_before(12) + timedelta(minutes=1),
            )
        card = make_card(organization)
        other = make_renewing(organization, name="c")
        done = self.prefer(organization, [first, other], card)
        [held] = done.held
        assert (held.product_id, held.error.code, held.is_kept) == (first.pk, "payment_in_progress", True)
        assert done.count == 1
        assert preferences(organization) == {"a": card.pk, "c": card.pk}
        assert {row.status for row in renewals_of(organization)} == {"planned"}


def test_the_statements_do_not_grow_with_the_products(organization: Organization, query_count: Any) -> None:
    """BIL-8, BIL-10: as many for 300 as for 3."""
    card, address = make_card(organization), make_address(organization)
    make_many_products(organization, 300, plan=make_plan(), begin=datetime.now(UTC).date())
    with tenant_scope(organization.pk):
        ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    counts = []
    for chosen in (ids[:3], ids):
        with query_count() as seen, tenant_scope(organization.pk):
            given: Any = {"organization": organization, "product_ids": chosen, "actor": ACTOR}
            prefer_method(**given, method=card, at=days_before(40))
            prefer_address(**given, address=address, at=days_before(40))
        counts.append(len(seen.statements))
    assert counts[0] == counts[1]


def test_a_script_chooses_for_many(owner: User, organization: Organization) -> None:
    """API-1, BIL-8, BIL-10: what the pages do in bulk, with the same refusals."""
    script = token_client(owner, "billing:read", "billing:write")
    path = f"/api/1/organizations/{organization.pk}/renewals"
    card, address = make_card(organization), make_address(organization)
    at = datetime.now(UTC)
    fine = make_product(organization, name="fine", at=at - timedelta(days=200))
    late = make_product(organization, name="late", at=at - timedelta(days=360))
    both = {"product_ids": [fine.pk, late.pk]}
    change = both | {"payment_method": card.pk, "billing_address": address.pk, "auto_renew": True}
    rows = script.patch(path, change, content_type="application/json").json()["data"]
    assert {row["product_id"]: (row["auto_renew"], bool(row["refused_because"])) for row in rows} == {
        fine.pk: (True, False),
        late.pk: (False, True),
    }
    listed = script.get(path).json()["data"]
    assert {(row["payment_method_id"], row["billing_address_id"]) for row in listed} == {
        (card.pk, address.pk)
    }
    script.patch(path, both | {"payment_method": None}, content_type="application/json")
    assert preferences(organization) == {"fine": None, "late": None}
    assert script.patch(path, both, content_type="application/json").status_code == 422
    expire(card)
    refused = script.patch(path, both | {"payment_method": card.pk}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "means_refused")


@pytest.mark.parametrize("is_one", [True, False], ids=["one", "many"])
def test_a_script_changes_nothing_where_one_of_both_is_not_there(
    owner: User, organization: Organization, *, is_one: bool
) -> None:
    """API-1: an error says that nothing was done."""
    script = token_client(owner, "billing:read", "billing:write")
    path = f"/api/1/organizations/{organization.pk}/renewals"
    card, product = make_card(organization), make_product(organization, name="fine")
    given = {"payment_method": card.pk, "billing_address": 999_999}
    url, change = (f"{path}/{product.pk}", given) if is_one else (path, given | {"product_ids": [product.pk]})
    assert script.patch(url, change, content_type="application/json").status_code == 404
    assert preferences(organization) == {}
