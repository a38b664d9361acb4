"""The back office's pages of the catalogue (PRD-1)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from manager.kit.clock import now
from products.catalog.catalog_file import DEMONSTRATION
from products.catalog.entries import LANGUAGES
from products.catalog.models import CatalogChange, Family, Option, Plan
from products.catalog.selectors import find_option_price, find_price
from products.catalog.services import load_catalog
from tests.factories.identity import make_staff, staff_client
from tests.factories.products import make_family, make_plan

TODAY = now().date()


def page(name: str, *args: object) -> str:
    return reverse(f"products:staff_catalog{name}", args=args)


def texts(prefix: str, text: str) -> dict[str, str]:
    return {f"{prefix}_{language}": f"{text} {language}" for language in LANGUAGES}


PLAN = {
    "family": "web",
    "icon": "globe",
    "extension": "",
    "grace_days": "30",
    "redemption_days": "0",
    "trial_months": "3",
    "cooling_off_days": "14",
    **texts("name", "Hosting"),
    **texts("description", "A place for a site."),
    **texts("features", "One\nTwo"),
}


class TestPlans:
    def test_lists_finds_and_filters_with_as_many_queries_for_few_as_for_many(
        self, editor: Client, query_count: Callable[[], AbstractContextManager]
    ) -> None:
        """PRD-1: a name in any language is found; 25 plans a page."""
        make_plan(slug="only")
        with query_count() as few:
            assert editor.get(page("")).status_code == 200
        load_catalog(path=DEMONSTRATION, on=TODAY)
        with query_count() as many:
            first = editor.get(page(""))
        assert few.count == many.count
        assert len(first.context["page"].rows) == 25
        following = editor.get(page(""), {"after": first.context["page"].next})
        assert not {row.pk for row in first.context["page"].rows} & {
            row.pk for row in following.context["page"].rows
        }
        found = editor.get(page(""), {"q": "hébergement", "family": "web", "state": "sold"})
        assert {row.slug for row in found.context["page"].rows} >= {"web-hosting"}
        off = editor.get(page(""), {"state": "off"}).context["page"].rows
        assert [row.slug for row in off] == ["only"]

    def test_adds_prices_publishes_and_previews_a_plan(self, editor: Client) -> None:
        """PRD-1: it is in the shop only when somebody publishes it, and not before it has a price."""
        make_family("web")
        sent = editor.post(page("_plan_add"), {**PLAN, "slug": "new-hosting", "kind": "hosting"})
        assert sent.status_code == 302
        plan = Plan.objects.get(slug="new-hosting")
        assert not plan.is_orderable
        assert plan.trial_months == 3
        assert plan.features[1]["en"] == "Two en"
        refused = editor.post(page("_plan_publish", plan.slug))
        assert refused.status_code == 409
        assert b"Set one first" in refused.content
        price = {"purpose": "renew", "currency": "CHF", "months": "12", "amount": "69.50"}
        sent = editor.post(page("_plan_price", plan.slug), {**price, "valid_from": TODAY.isoformat()})
        assert sent.status_code == 302
        editor.post(page("_plan_publish", plan.slug))
        plan.refresh_from_db()
        assert plan.is_orderable
        shown = editor.get(page("_plan_preview", plan.slug), {"language": "de"}).content.decode()
        assert "Hosting de" in shown
        assert "69,50" in shown
        assert "Hosting fr" not in shown
        done = editor.get(page("_history"), {"plan": plan.slug}).content.decode()
        assert "Nora Frei" in done
        assert "Plan published" in done

    def test_shows_an_edit_before_it_is_saved(self, editor: Client) -> None:
        """PRD-1: in each language, with today's prices; nothing is kept, and the form stays filled."""
        plan = make_plan(slug="hosting")
        given = {**PLAN, **texts("name", "Quick hosting")}
        answer = editor.post(page("_plan_edit", plan.slug), {**given, "do": "preview"})
        assert answer.status_code == 200
        html = answer.content.decode()
        assert "Nothing is saved yet" in html
        for code, _name, shown in answer.context["shown"]:
            assert f"Quick hosting {code}" in shown
        assert 'value="Quick hosting de"' in html
        assert not CatalogChange.objects.exists()
        assert Plan.objects.get(pk=plan.pk).names == plan.names
        refused = editor.post(page("_plan_edit", plan.slug), {**given, "name_de": "", "do": "preview"})
        assert refused.status_code == 422
        assert "Nothing is saved yet" not in refused.content.decode()
        assert editor.post(page("_plan_edit", plan.slug), given).status_code == 302

    def test_refuses_beside_the_field(self, editor: Client) -> None:
        """PRD-1: each wrong field says why, and nothing is stored."""
        make_plan(slug="hosting", extension="")
        wrong = {
            "icon": "no-such-icon",
            "grace_days": "-1",
            "trial_months": "0.5",
            "extension": "ch",
            "name_it": "",
            "description_fr": "two\nlines",
            "features_es": "Only one",
        }
        answer = editor.post(page("_plan_edit", "hosting"), {**PLAN, **wrong})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == set(wrong)
        assert not CatalogChange.objects.exists()
        taken = editor.post(page("_plan_add"), {**PLAN, "slug": "hosting", "kind": "hosting"})
        assert list(taken.context["form"].errors) == ["slug"]

    def test_moves_and_withdraws(self, editor: Client) -> None:
        """PRD-1: the shop shows them in the new order, then one less."""
        first, second = make_plan(slug="first", position=0), make_plan(slug="second", position=1)
        editor.post(page("_plan_place", second.slug), {"direction": "up"})
        assert list(first.family.plans.order_by("position").values_list("slug", flat=True)) == [
            "second",
            "first",
        ]
        editor.post(page("_plan_place", second.slug), {"direction": "up"})
        assert editor.get(page("_plan_withdraw", first.slug)).status_code == 200
        editor.post(page("_plan_withdraw", first.slug))
        first.refresh_from_db()
        assert not first.is_orderable
        assert list(CatalogChange.objects.values_list("what", flat=True)) == [
            "order_changed",
            "plan_withdrawn",
        ]


class TestFamilies:
    def test_adds_edits_publishes_and_withdraws(self, editor: Client) -> None:
        """PRD-1: a new family is in the menu only when somebody publishes it."""
        sent = editor.post(page("_family_add"), {"slug": "sound", "icon": "music", **texts("name", "Sound")})
        assert sent.status_code == 302
        family = Family.objects.get(slug="sound")
        assert not family.is_published
        editor.post(page("_family_publish", "sound"))
        editor.post(page("_family", "sound"), {"icon": "music", **texts("name", "Music")})
        family.refresh_from_db()
        assert (family.is_published, family.names["de"]) == (True, "Music de")
        assert b"sound" in editor.get(page("_families")).content
        editor.post(page("_family_withdraw", "sound"))
        family.refresh_from_db()
        assert not family.is_published

    def test_moves(self, editor: Client) -> None:
        """PRD-2: the order of the menu."""
        make_family("one", position=0)
        make_family("two", position=1)
        editor.post(page("_family_place", "one"), {"direction": "down"})
        assert list(Family.objects.order_by("position").values_list("slug", flat=True)) == ["two", "one"]


class TestOptions:
    def test_adds_prices_and_edits_a_number(self, editor: Client) -> None:
        """PRD-1: extra storage by steps above what is included."""
        plan = make_plan(slug="hosting")
        limits = {"included": "100", "minimum": "100", "maximum": "500", "step": "50", "is_orderable": "on"}
        named = {**texts("name", "Room"), **texts("description", "More."), **texts("unit", "GB")}
        add = page("_option_add", "hosting", "number")
        assert editor.get(add).status_code == 200
        assert editor.post(add, {"slug": "storage", **limits, **named}).status_code == 302
        option = Option.objects.get(plan=plan, slug="storage")
        assert option.count_steps(250) == 3
        price = {"currency": "CHF", "months": "12", "amount": "12", "valid_from": TODAY.isoformat()}
        assert editor.post(page("_option_price", "hosting", "storage"), price).status_code == 302
        found = find_option_price(option=option, months=12, currency="CHF", on=TODAY)
        assert found is not None
        assert found.amount == 1200
        small = editor.post(page("_option", "hosting", "storage"), {**limits, **named, "maximum": "50"})
        assert list(small.context["form"].errors) == ["maximum"]
        assert b"Room en" in editor.get(page("_plan", "hosting")).content

    def test_adds_a_switch(self, editor: Client) -> None:
        """PRD-12: taken or not, nothing to count."""
        make_plan(slug="domain")
        named = {**texts("name", "Privacy"), **texts("description", "Hidden.")}
        editor.post(
            page("_option_add", "domain", "switch"), {"slug": "privacy", "is_orderable": "on", **named}
        )
        option = Option.objects.get(slug="privacy")
        assert (option.kind, option.allows(1), option.allows(2)) == ("switch", True, False)

    def test_knows_no_third_kind(self, editor: Client) -> None:
        """A kind that does not exist is a missing page."""
        make_plan(slug="domain")
        assert editor.get("/staff/catalog/plans/domain/options-add/choice/").status_code == 404


class TestPrices:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("amount", "1e3"),
            ("amount", "-1"),
            ("amount", "0.005"),
            ("amount", "99999999999"),
            ("currency", "USD"),
            ("months", "7"),
            ("months", ""),
            ("purpose", "gift"),
            ("valid_from", ""),
            ("valid_from", "9999-12-31"),
            ("valid_from", (TODAY - timedelta(days=1)).isoformat()),
            ("valid_until", (TODAY - timedelta(days=1)).isoformat()),
        ],
        ids=lambda value: value if not value[:4].isdigit() else "day",
    )
    def test_refuses_beside_the_field(self, editor: Client, field: str, value: str) -> None:
        """PRD-1: the past is never rewritten, and nothing is sold that cannot be."""
        make_plan(slug="hosting", prices={})
        right = {"purpose": "renew", "currency": "CHF", "months": "12", "amount": "10"}
        sent = {**right, "valid_from": TODAY.isoformat(), field: value}
        answer = editor.post(page("_plan_price", "hosting"), sent)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not CatalogChange.objects.exists()

    def test_shows_the_amount_of_today_and_never_takes_an_empty_one_for_the_end(self, editor: Client) -> None:
        """PRD-1: who opens a price and saves it changes nothing."""
        plan = make_plan(slug="hosting")
        asked = {"purpose": "renew", "currency": "CHF", "months": "12"}
        form = editor.get(page("_plan_price", "hosting"), asked).context["form"]
        assert form["amount"].value() == "120.00"
        sent = {**asked, "valid_from": TODAY.isoformat()}
        for wrong in ({"amount": ""}, {"amount": "1", "ends": "on"}):
            answer = editor.post(page("_plan_price", "hosting"), {**sent, **wrong})
            assert "amount" in answer.context["form"].errors
        editor.post(page("_plan_price", "hosting"), {**sent, "amount": "120.00"})
        assert plan.prices.filter(currency="CHF", months=12).count() == 1
        assert not CatalogChange.objects.exists()

    def test_a_tick_ends_the_price(self, editor: Client) -> None:
        """PRD-1: from its day on it is not sold any more."""
        plan = make_plan(slug="hosting")
        sent = {"purpose": "renew", "currency": "CHF", "months": "12", "ends": "on"}
        tomorrow = TODAY + timedelta(days=1)
        editor.post(page("_plan_price", "hosting"), {**sent, "valid_from": tomorrow.isoformat()})
        wanted = {"plan": plan, "months": 12, "currency": "CHF"}
        assert find_price(**wanted, on=TODAY) is not None
        assert find_price(**wanted, on=tomorrow) is None
        again = editor.post(page("_plan_price", "hosting"), {**sent, "valid_from": tomorrow.isoformat()})
        assert "valid_from" in again.context["form"].errors

    def test_a_restore_fee_needs_no_period(self, editor: Client) -> None:
        """PRD-11."""
        plan = make_plan(slug="domain", kind="domain")
        sent = {"purpose": "restore", "currency": "EUR", "months": "", "amount": "95,50"}
        editor.post(page("_plan_price", "domain"), {**sent, "valid_from": TODAY.isoformat()})
        fee = find_price(plan=plan, months=12, currency="EUR", on=TODAY, purpose="restore")
        assert fee is not None
        assert fee.amount == 9550


def test_only_staff_with_the_right_come_in() -> None:
    """INC-15: another right of the back office does not open the catalogue."""
    other = staff_client(make_staff("accounts.see_staff"))
    assert other.get(page("")).status_code == 403
    assert Client().get(page("")).status_code == 302
