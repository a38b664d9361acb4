"""The catalogue's file and its loading (PRD-1)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from itertools import pairwise
from pathlib import Path

import lucide
import pytest
import yaml
from django.core.management import CommandError, call_command
from django.utils import translation

from products.catalog.catalog_file import DEMONSTRATION, LANGUAGES, CatalogInvalid, read_catalog
from products.catalog.models import Family, Plan, Price
from products.catalog.selectors import (
    PlanNotFound,
    PriceNotFound,
    get_plan,
    get_price,
    list_plans,
    list_prices,
)
from products.catalog.services import load_catalog

ON = date(2026, 1, 1)
NEXT = date(2026, 6, 1)
CATALOGUE_FAMILIES = ["collaboration", "web", "cloud", "events", "streaming"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A copy of the demonstration's file to change."""
    copy = tmp_path / "catalog.yaml"
    copy.write_text(DEMONSTRATION.read_text(encoding="utf-8"), encoding="utf-8")
    return copy


def change(path: Path, edit: Callable[[dict], None]) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(document)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


class TestDemonstration:
    def test_has_all_families_and_at_least_40_plans_in_both_currencies(self) -> None:
        """PRD-1: each family sells something, and each plan has the same periods in CHF and EUR."""
        families = read_catalog(DEMONSTRATION)
        plans = [plan for family in families for plan in family.plans]
        assert [family.slug for family in families] == CATALOGUE_FAMILIES
        assert len(plans) >= 40
        for plan in plans:
            for prices in (plan.prices, *(option.prices for option in plan.options)):
                periods = {
                    currency: sorted((key.purpose, key.months) for key in prices if key.currency == currency)
                    for currency in ("CHF", "EUR")
                }
                assert periods["CHF"] == periods["EUR"] != [], plan.slug
                assert all(line[0].amount > 0 for line in prices.values()), plan.slug

    def test_a_longer_period_is_never_dearer_by_the_month(self) -> None:
        """PRD-1: nobody is punished for paying ahead."""
        for family in read_catalog(DEMONSTRATION):
            for plan in family.plans:
                for prices in (plan.prices, *(option.prices for option in plan.options)):
                    for currency in ("CHF", "EUR"):
                        by_months = sorted(
                            (key.months, line[0].amount)
                            for key, line in prices.items()
                            if key.currency == currency and key.purpose == "renew"
                        )
                        rates = [amount / months for months, amount in by_months]
                        assert all(later <= sooner for sooner, later in pairwise(rates)), plan

    def test_icons_exist_in_the_icon_package(self) -> None:
        """UI-1: an unknown name would show a plain box."""
        for family in read_catalog(DEMONSTRATION):
            for name in [family.icon, *(plan.icon for plan in family.plans)]:
                assert "<svg" in lucide._render_icon(name, None)
        with pytest.raises(lucide.IconDoesNotExist):
            lucide._render_icon("no-such-icon", None)

    def test_texts_differ_between_languages_and_name_three_to_five_features(self) -> None:
        """UI-4: descriptions are translated, not copied."""
        for family in read_catalog(DEMONSTRATION):
            for plan in family.plans:
                assert len(set(plan.descriptions.values())) == len(LANGUAGES), plan.slug
                assert 3 <= len(plan.features) <= 5, plan.slug

    def test_domains_have_a_redemption_and_ask_for_a_name(self) -> None:
        """PRD-11: only domains have one."""
        plans = [plan for family in read_catalog(DEMONSTRATION) for plan in family.plans]
        for plan in plans:
            assert (plan.redemption_days > 0) == (plan.kind == "domain"), plan.slug
            assert plan.kind != "domain" or plan.needs_domain_name
            fees = {key.currency for key in plan.prices if key.purpose == "restore"}
            assert fees == ({"CHF", "EUR"} if plan.kind == "domain" else set()), plan.slug
            assert (plan.extension != "") == (plan.kind == "domain"), plan.slug

    def test_domains_have_their_four_options_and_hosting_a_trial(self) -> None:
        """PRD-12: and what is extensible in the catalogue has a number to choose."""
        plans = {plan.slug: plan for family in read_catalog(DEMONSTRATION) for plan in family.plans}
        for plan in plans.values():
            options = [option.slug for option in plan.options]
            wanted = ["domain-privacy", "dns-fastanycast", "dyndns", "renewal-warranty"]
            assert (options == wanted) == (plan.kind == "domain"), plan.slug
            assert (plan.trial_months == 3) == (plan.kind == "hosting"), plan.slug
        numbers = {(slug, option.slug) for slug, plan in plans.items() for option in plan.options}
        assert numbers >= {
            ("web-hosting", "storage"),
            ("mail-service", "mail-addresses"),
            ("vps-cloud-windows", "windows-licence"),
        }


class TestLoadCatalog:
    def test_fills_an_empty_catalogue(self) -> None:
        """PRD-1."""
        load_catalog(path=DEMONSTRATION, on=ON)
        assert list(Family.objects.order_by("position").values_list("slug", flat=True)) == CATALOGUE_FAMILIES
        plan = get_plan(slug="web-hosting")
        assert get_price(plan=plan, months=12, currency="CHF", on=ON).amount == 6900
        with translation.override("de"):
            assert plan.name == "Webhosting"
            assert plan.feature_list[0] == "100 GB Speicherplatz"

    def test_changes_nothing_the_second_time(self) -> None:
        """PRD-1: also on a later day."""
        load_catalog(path=DEMONSTRATION, on=ON)
        before = list(Price.objects.order_by("pk").values())
        done = load_catalog(path=DEMONSTRATION, on=NEXT)
        assert (done.prices_opened, done.prices_closed) == (0, 0)
        assert list(Price.objects.order_by("pk").values()) == before

    def test_closes_an_old_price_the_day_before_the_new_one(self, path: Path) -> None:
        """PRD-1: what was quoted stays known; each day has exactly one price."""
        load_catalog(path=path, on=ON)

        def dearer(document: dict) -> None:
            plans = {plan["slug"]: plan for family in document["families"] for plan in family["plans"]}
            plans["web-hosting"]["prices"]["CHF"][12] = 7900

        change(path, dearer)
        done = load_catalog(path=path, on=NEXT)
        assert (done.prices_opened, done.prices_closed) == (1, 1)
        plan = get_plan(slug="web-hosting")
        assert get_price(plan=plan, months=12, currency="CHF", on=date(2026, 5, 31)).amount == 6900
        assert get_price(plan=plan, months=12, currency="CHF", on=NEXT).amount == 7900
        # Loaded once more on the same day with yet another price, the first one of the day is gone.
        change(path, lambda d: d["families"][1]["plans"][7]["prices"]["CHF"].update({12: 8900}))
        load_catalog(path=path, on=NEXT)
        assert get_price(plan=plan, months=12, currency="CHF", on=NEXT).amount == 8900

    def test_keeps_a_plan_that_is_no_longer_sold(self, path: Path) -> None:
        """PRD-1: its products live on; nobody can order it, at no price."""
        load_catalog(path=path, on=ON)
        change(path, lambda document: document["families"][0]["plans"].pop(0))
        load_catalog(path=path, on=NEXT)
        assert Plan.objects.filter(slug="my-ksuite", is_orderable=False).exists()
        with pytest.raises(PlanNotFound):
            get_plan(slug="my-ksuite")
        assert "my-ksuite" not in {plan.slug for plan in list_plans()}

    @pytest.mark.parametrize(
        "edit",
        [
            lambda document: document.pop("families"),
            lambda document: document["families"][0]["plans"][0]["names"].pop("it"),
            lambda document: document["families"][0]["plans"][0]["prices"]["CHF"].update({1: 1.5}),
            lambda document: document["families"][0]["plans"][0]["prices"]["CHF"].update({1: -1}),
            lambda document: document["families"][0]["plans"][0]["prices"]["CHF"].update({7: 100}),
            lambda document: document["families"][0]["plans"][0]["prices"].update({"USD": {1: 100}}),
            lambda document: document["families"][0]["plans"][1].update({"slug": "my-ksuite"}),
            lambda document: document["families"][0]["plans"][1].update({"grace_days": "soon"}),
        ],
    )
    def test_refuses_a_broken_file_and_changes_nothing(
        self, path: Path, edit: Callable[[dict], None]
    ) -> None:
        """PRD-1."""
        change(path, edit)
        with pytest.raises(CatalogInvalid):
            load_catalog(path=path, on=ON)
        assert not Family.objects.exists()

    def test_the_command_loads_and_names_what_is_wrong(self, tmp_path: Path) -> None:
        """PRD-1."""
        call_command("load_catalog", "--on", "2026-01-01")
        assert Plan.objects.count() >= 40
        broken = tmp_path / "broken.yaml"
        broken.write_text("families: [", encoding="utf-8")
        with pytest.raises(CommandError, match=r"broken\.yaml"):
            call_command("load_catalog", broken)


class TestPrices:
    def test_a_period_that_is_not_sold_has_no_price(self) -> None:
        """PRD-1: refused with the field that it belongs to."""
        load_catalog(path=DEMONSTRATION, on=ON)
        with pytest.raises(PriceNotFound) as caught:
            get_price(plan=get_plan(slug="domain-fr"), months=60, currency="EUR", on=ON)
        assert caught.value.field == "months"
        with pytest.raises(PriceNotFound):
            get_price(plan=get_plan(slug="domain-fr"), months=12, currency="EUR", on=date(2025, 12, 31))

    def test_all_prices_of_a_page_are_one_query(
        self, query_count: Callable[[], AbstractContextManager]
    ) -> None:
        """PRD-1: by plan and period, the shortest first."""
        load_catalog(path=DEMONSTRATION, on=ON)
        plans = list(list_plans())
        with query_count() as seen:
            prices = list_prices(plans=plans, currency="CHF", on=ON)
        assert seen.count == 1
        assert set(prices) == {plan.pk for plan in plans}
        assert list(prices[get_plan(slug="web-hosting").pk]) == [1, 12, 24, 60]
