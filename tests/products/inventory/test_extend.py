"""Periods and their ends, for any day of the calendar and any zone (PRD-7, PRD-8, BIL-16)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from products.inventory.models import Product
from products.inventory.services import (
    create_product,
    enter_redemption,
    extend_product,
    next_period,
    suspend_product,
    terminate_product,
)
from products.inventory.services.begin import PeriodInvalid, QuantityInvalid
from products.inventory.services.extend import InRedemption, NotExtendable, PeriodNotAhead
from products.inventory.services.names import NameInvalid
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR, make_plan, make_product

AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
MONTHS = st.sampled_from([1, 3, 12, 24, 36, 60])
BEGIN, END = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2024, 2032))
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def running(expires_on: date, anchor: int) -> Product:
    """Return an unsaved active product."""
    return Product(status="active", expires_on=expires_on, anchor_day=anchor)


def last_day(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day


class TestNextPeriod:
    def test_31_january_keeps_its_day(self) -> None:
        """PRD-7: 31 January, 28 February, 31 March: the short month costs no day for good."""
        product = running(date(2026, 1, 31), 31)
        ends = []
        for _ in range(3):
            _, product.expires_on = next_period(product=product, months=1)
            ends.append(product.expires_on)
        assert ends == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]

    def test_29_february_comes_back_in_a_leap_year(self) -> None:
        """PRD-7."""
        product = running(date(2024, 2, 29), 29)
        assert next_period(product=product, months=12)[1] == date(2025, 2, 28)
        assert next_period(product=product, months=36)[1] == date(2027, 2, 28)
        product.expires_on = date(2027, 2, 28)
        assert next_period(product=product, months=12)[1] == date(2028, 2, 29)

    @given(begin=DAYS, months=st.lists(MONTHS, min_size=1, max_size=12))
    def test_periods_follow_each_other_without_gap_or_overlap(self, begin: date, months: list[int]) -> None:
        """BIL-16: however a product is renewed, it ends where one long period would have ended."""
        product = running(begin, begin.day)
        at_once = next_period(product=product, months=sum(months))[1]
        for count in months:
            start, end = next_period(product=product, months=count)
            assert start == product.expires_on
            assert end > start
            assert end.day == min(begin.day, last_day(end))
            product.expires_on = end
        assert product.expires_on == at_once

    @given(
        moment=st.integers(BEGIN, END),
        zone=st.sampled_from(
            [
                "Europe/Zurich",
                "America/Los_Angeles",
                "Pacific/Kiritimati",
                "Asia/Kathmandu",
                "Africa/Casablanca",
            ]
        ),
    )
    def test_the_day_is_the_one_on_the_wall_of_the_organization(self, moment: int, zone: str) -> None:
        """PRD-7: through every change of summer time."""
        at = datetime.fromtimestamp(moment, UTC)
        assert day_in(zone, at) == at.astimezone(ZoneInfo(zone)).date()

    def test_a_pending_product_has_none(self) -> None:
        """PRD-7: it begins with its payment."""
        with pytest.raises(NotExtendable):
            next_period(product=Product(status="pending"), months=1)


class TestExtendProduct:
    def test_moves_the_expiry_and_tells(self) -> None:
        """PRD-8."""
        organization = make_tenant()
        product = make_product(organization, months=1, at=AT)
        with tenant_scope(organization.pk):
            extended = extend_product(product=product, until=date(2026, 3, 31), actor=ACTOR, at=AT)
            event = OutboxEvent.objects.get(name="product.extended")
        assert extended.expires_on == date(2026, 3, 31)
        assert event.payload == {
            "product": product.pk,
            "expired_on": "2026-02-28",
            "expires_on": "2026-03-31",
        }

    def test_refuses_a_day_that_is_paid_already(self) -> None:
        """BIL-16: the same renewal twice extends once (INC-26)."""
        organization = make_tenant()
        product = make_product(organization, months=1, at=AT)
        with tenant_scope(organization.pk):
            _, until = next_period(product=product, months=1)
            extend_product(product=product, until=until, actor=ACTOR, at=AT)
            with pytest.raises(PeriodNotAhead):
                extend_product(product=product, until=until, actor=ACTOR, at=AT)
            assert Product.objects.get(pk=product.pk).expires_on == until

    def test_refuses_a_domain_in_redemption(self) -> None:
        """PRD-11: it is restored, which has another price."""
        organization = make_tenant()
        product = make_product(organization, months=1, at=AT)
        with tenant_scope(organization.pk):
            product = enter_redemption(product=product, actor=ACTOR, at=AT)
            with pytest.raises(InRedemption):
                extend_product(product=product, until=date(2027, 3, 31), actor=ACTOR, at=AT)

    def test_a_stopped_product_resumes_once_paid_beyond_today(self) -> None:
        """PRD-8: paid late, it runs again at once; paid only for days gone by, it does not."""
        organization = make_tenant()
        product = make_product(organization, months=1, at=AT)
        late = datetime(2026, 4, 10, tzinfo=UTC)
        with tenant_scope(organization.pk):
            product = suspend_product(product=product, actor=ACTOR, at=late)
            product = extend_product(product=product, until=date(2026, 3, 31), actor=ACTOR, at=late)
            assert product.status != "active"
            product = extend_product(product=product, until=date(2026, 4, 30), actor=ACTOR, at=late)
            assert (product.status, product.suspended_at, product.told_of) == ("active", None, "")
            assert OutboxEvent.objects.filter(name="product.resumed").count() == 1

    def test_refuses_a_terminated_product(self) -> None:
        """PRD-8: its life has ended."""
        organization = make_tenant()
        product = make_product(organization)
        with tenant_scope(organization.pk):
            terminate_product(product=product, actor=ACTOR, at=AT)
            with pytest.raises(NotExtendable):
                extend_product(product=product, until=date(2030, 1, 1), actor=ACTOR, at=AT)


class TestCreateProduct:
    @pytest.mark.parametrize(
        ("error", "values"),
        [
            (PeriodInvalid, {"months": 7}),
            (PeriodInvalid, {"months": 0}),
            (QuantityInvalid, {"quantity": 0}),
            (QuantityInvalid, {"quantity": -1}),
            (QuantityInvalid, {"quantity": 10**9}),
            (QuantityInvalid, {"quantity": 0.5}),
            (NameInvalid, {"name": "a\0b"}),
            (NameInvalid, {"name": "x" * 191}),
            (NameInvalid, {"name": "two\nlines"}),
        ],
    )
    def test_refuses_what_cannot_be_sold(self, error: type[Exception], values: dict) -> None:
        """INC-27: the verb refuses, whatever an edge let through."""
        organization = make_tenant()
        asked = {"plan": make_plan(), "name": "site.example", "months": 12, "quantity": 1, **values}
        with tenant_scope(organization.pk), pytest.raises(error):
            create_product(organization=organization, actor=ACTOR, at=AT, **asked)

    def test_is_called_as_its_plan_without_a_name(self) -> None:
        """PRD-3."""
        organization = make_tenant()
        plan = make_plan(slug="web-hosting")
        with tenant_scope(organization.pk):
            product = create_product(
                organization=organization, plan=plan, name=" ", months=12, quantity=2, actor=ACTOR, at=AT
            )
        assert (product.name, product.status, product.family) == ("Web hosting", "pending", "web")
