"""A new price from a day on, and what keeps its own (PRD-1)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from manager.kit.actor import Actor, ActorKind
from products.catalog.entries import PriceKey
from products.catalog.models import CatalogChange, Option, OptionPrice, Plan, Price
from products.catalog.selectors import find_price, get_price, list_prices
from products.catalog.services import (
    ExtensionTaken,
    PlanNotReady,
    PriceAbsent,
    PriceInPast,
    PriceUnfit,
    SlugTaken,
    add_option,
    add_plan,
    change_plan,
    change_price,
    publish_plan,
    withdraw_plan,
)
from tests.factories.products import LONG_AGO, make_plan

AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
TODAY = AT.date()
NEXT = date(2026, 7, 1)
DAY = timedelta(days=1)
STAFF = Actor(ActorKind.STAFF, 7, "Nora Frei")
KEY = PriceKey("renew", "CHF", 12)


def set_to(
    plan: Plan, amount: int | None, first: date = NEXT, last: date | None = None, **more: object
) -> None:
    wanted = {"owner": plan, "key": KEY, "amount": amount, "valid_from": first, "valid_until": last, **more}
    change_price(**wanted, today=TODAY, actor=STAFF, at=AT)


def amount_on(plan: Plan, day: date, purpose: str = "renew") -> int | None:
    price = find_price(plan=plan, months=12, currency="CHF", on=day, purpose=purpose)
    return price.amount if price else None


class TestChangePrice:
    def test_ends_the_old_one_the_day_before(self) -> None:
        """PRD-1: each day has one price, and the rows of the others are not touched."""
        plan = make_plan()
        others = list(Price.objects.exclude(currency="CHF", months=12).order_by("pk").values())
        set_to(plan, 15_000)
        assert [amount_on(plan, day) for day in (TODAY, NEXT - DAY, NEXT, NEXT + 999 * DAY)] == [
            12_000,
            12_000,
            15_000,
            15_000,
        ]
        assert list(Price.objects.exclude(currency="CHF", months=12).order_by("pk").values()) == others

    def test_with_a_last_day_the_old_one_comes_back(self) -> None:
        """PRD-1: a price for a while."""
        plan = make_plan()
        set_to(plan, 9_000, NEXT, NEXT + 9 * DAY)
        assert [amount_on(plan, NEXT + shift * DAY) for shift in (-1, 0, 9, 10)] == [
            12_000,
            9_000,
            9_000,
            12_000,
        ]
        rows = list(plan.prices.filter(currency="CHF", months=12).order_by("valid_from"))
        assert rows[0].valid_from == LONG_AGO
        assert rows[2].valid_until is None

    def test_is_in_the_history_with_before_and_after(self) -> None:
        """PRD-1: who, when, what; and the database lets nobody change it."""
        set_to(make_plan(slug="hosting"), 15_000)
        change = CatalogChange.objects.get()
        assert (change.what, change.plan, change.actor_name, change.at) == (
            "price_changed",
            "hosting",
            "Nora Frei",
            AT,
        )
        assert change.before["amounts"] == [{"amount": 12_000, "from": "2020-01-01", "until": None}]
        assert [one["amount"] for one in change.after["amounts"]] == [12_000, 15_000]
        with pytest.raises(Exception, match="Cannot update or delete"):
            CatalogChange.objects.update(actor_name="Nobody")

    def test_the_same_price_again_changes_nothing(self) -> None:
        """PRD-1: no row, no history."""
        plan = make_plan()
        set_to(plan, 12_000)
        assert plan.prices.filter(currency="CHF", months=12).count() == 1
        assert not CatalogChange.objects.exists()

    @pytest.mark.parametrize(
        ("wanted", "error", "field"),
        [
            ({"amount": -1}, PriceUnfit, "amount"),
            ({"amount": 10**9 + 1}, PriceUnfit, "amount"),
            ({"key": PriceKey("renew", "USD", 12)}, PriceUnfit, "currency"),
            ({"key": PriceKey("renew", "CHF", 7)}, PriceUnfit, "months"),
            ({"key": PriceKey("renew", "CHF", 0)}, PriceUnfit, "months"),
            ({"key": PriceKey("restore", "CHF", 12)}, PriceUnfit, "months"),
            ({"key": PriceKey("gift", "CHF", 12)}, PriceUnfit, "purpose"),
            ({"valid_from": TODAY - DAY}, PriceInPast, "valid_from"),
            ({"valid_until": NEXT - DAY}, PriceUnfit, "valid_until"),
            ({"amount": None, "key": PriceKey("renew", "CHF", 60)}, PriceAbsent, "valid_from"),
        ],
        ids=[
            "below-0",
            "too-much",
            "dollar",
            "7-months",
            "0-months",
            "restore",
            "gift",
            "past",
            "backwards",
            "none",
        ],
    )
    def test_refuses_and_changes_nothing(
        self, wanted: dict[str, object], error: type[Exception], field: str
    ) -> None:
        """PRD-1: beside the field that it belongs to."""
        plan = make_plan()
        before = list(Price.objects.order_by("pk").values())
        with pytest.raises(error) as caught:
            set_to(plan, **{"amount": 15_000, **wanted})
        assert caught.value.field == field
        assert list(Price.objects.order_by("pk").values()) == before

    def test_a_first_period_has_a_price_of_its_own_or_that_of_the_others(self) -> None:
        """PRD-1: a domain may cost less in its first year."""
        plan = make_plan()
        assert amount_on(plan, TODAY, "register") == 12_000
        set_to(plan, 5_000, TODAY, key=PriceKey("register", "CHF", 12))
        assert (amount_on(plan, TODAY, "register"), amount_on(plan, TODAY)) == (5_000, 12_000)
        listed = list_prices(plans=[plan], currency="CHF", on=TODAY, purpose="register")[plan.pk]
        assert {months: price.amount for months, price in listed.items()} == {1: 1000, 12: 5000, 24: 24_000}
        assert amount_on(plan, TODAY, "restore") is None


class TestTheDatabase:
    @pytest.mark.parametrize("shift", [0, 1, 400])
    def test_refuses_two_prices_on_one_day(self, shift: int) -> None:
        """PRD-1: whatever wrote them."""
        plan = make_plan()
        day = LONG_AGO + shift * DAY
        row = {"currency": "CHF", "months": 12, "amount": 1, "valid_from": day, "valid_until": day}
        with pytest.raises(IntegrityError, match="price_one_a_day"), transaction.atomic():
            Price.objects.create(plan=plan, **row)
        Price.objects.create(plan=plan, purpose="register", **row)

    def test_refuses_two_prices_of_an_option_on_one_day(self) -> None:
        """PRD-1: the first one's last day belongs to it."""
        option = Option.objects.create(plan=make_plan(), slug="o", kind="switch", names={}, position=0)
        row = {"option": option, "currency": "CHF", "months": 12, "amount": 1}
        OptionPrice.objects.create(**row, valid_from=TODAY, valid_until=NEXT)
        with pytest.raises(IntegrityError, match="option_price_one_a_day"), transaction.atomic():
            OptionPrice.objects.create(**row, valid_from=NEXT)
        OptionPrice.objects.create(**row, valid_from=NEXT + DAY)

    @pytest.mark.parametrize(("purpose", "months"), [("renew", 0), ("register", 0), ("restore", 12)])
    def test_refuses_a_period_that_does_not_fit_the_purpose(self, purpose: str, months: int) -> None:
        """PRD-11: a fee is for no period, and everything else is for one."""
        with pytest.raises(IntegrityError, match="price_period_fits_purpose"), transaction.atomic():
            Price.objects.create(
                plan=make_plan(), purpose=purpose, currency="CHF", months=months, amount=1, valid_from=TODAY
            )


class TestPlans:
    def add(self, slug: str, **values: object) -> Plan:
        texts = {"names": {"en": slug}, "descriptions": {}, "features": [], "icon": "globe", "kind": "domain"}
        family = make_plan().family
        return add_plan(family=family, slug=slug, values={**texts, **values}, actor=STAFF, at=AT)

    def test_are_off_sale_until_they_have_a_price_and_are_published(self) -> None:
        """PRD-1."""
        plan = self.add("new")
        with pytest.raises(PlanNotReady):
            publish_plan(plan=plan, today=TODAY, actor=STAFF, at=AT)
        set_to(plan, 1_000)
        assert publish_plan(plan=plan, today=TODAY, actor=STAFF, at=AT).is_orderable
        assert not withdraw_plan(plan=plan, actor=STAFF, at=AT).is_orderable

    def test_of_one_name_or_one_extension_are_refused(self) -> None:
        """PRD-1: one plan on sale for an extension."""
        first, second = self.add("ch", extension=".ch"), self.add("ch-too", extension=".ch")
        with pytest.raises(SlugTaken):
            self.add("ch")
        for plan in (first, second):
            set_to(plan, 1_000)
        publish_plan(plan=first, today=TODAY, actor=STAFF, at=AT)
        with pytest.raises(ExtensionTaken):
            publish_plan(plan=second, today=TODAY, actor=STAFF, at=AT)
        change_plan(plan=second, values={"extension": ".li"}, actor=STAFF, at=AT)
        publish_plan(plan=second, today=TODAY, actor=STAFF, at=AT)
        with pytest.raises(ExtensionTaken):
            change_plan(plan=second, values={"extension": ".ch"}, actor=STAFF, at=AT)

    def test_have_no_option_twice(self) -> None:
        """PRD-12."""
        plan = make_plan()
        wanted = {"kind": "switch", "names": {"en": "Privacy"}, "descriptions": {}, "is_orderable": True}
        add_option(plan=plan, slug="privacy", values=wanted, actor=STAFF, at=AT)
        with pytest.raises(SlugTaken):
            add_option(plan=plan, slug="privacy", values=wanted, actor=STAFF, at=AT)


def test_a_period_that_is_sold_no_more_has_no_price() -> None:
    """PRD-1: from the day on which it ends."""
    plan = make_plan()
    set_to(plan, None)
    assert get_price(plan=plan, months=12, currency="CHF", on=NEXT - DAY).amount == 12_000
    assert amount_on(plan, NEXT) is None
