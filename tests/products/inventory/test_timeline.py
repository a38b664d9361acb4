"""What happens next, from the plan's rules, and that it does happen (PRD-8, PRD-11, BIL-11, BIL-12)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from manager.kit.money import Money
from products.catalog.labels import describe_period
from products.catalog.models import Plan
from products.inventory.labels import describe_days, describe_timeline
from products.inventory.models import Product
from products.inventory.outlook import Outlook
from products.inventory.periodic import drain_life
from products.inventory.timeline import Step, StepKind, timeline
from tests.factories.cast import make_tenant
from tests.factories.products import make_plan, make_product

EXPIRY = date(2026, 12, 31)


def product(**values: object) -> Product:
    """Return an unsaved product that expires on 31 December 2026."""
    plan = Plan(grace_days=values.pop("grace_days", 30), redemption_days=values.pop("redemption_days", 0))
    return Product(
        **{"status": "active", "expires_on": EXPIRY, "anchor_day": 31, "months": 12, "plan": plan, **values}
    )


def days(steps: list[Step], kind: StepKind) -> list[int]:
    return [(EXPIRY - step.on).days for step in steps if step.kind == kind]


class TestTimeline:
    def test_reminds_of_what_does_not_renew_by_itself(self) -> None:
        """BIL-12: 60, 30, 14, 7, 3, 1 days before and on the day."""
        steps = timeline(product(), date(2026, 1, 1))
        assert days(steps, StepKind.REMINDER) == [60, 30, 14, 7, 3, 1, 0]
        assert days(steps, StepKind.CHARGE) == []
        assert days(steps, StepKind.SUSPENSION) == [0]
        assert days(steps, StepKind.TERMINATION) == [-30]

    def test_charges_what_renews_by_itself(self) -> None:
        """BIL-11: 14 days before, then 7, 3, 1 days before and on the day; no reminders."""
        steps = timeline(product(auto_renew=True), date(2026, 1, 1))
        assert days(steps, StepKind.CHARGE) == [14]
        assert days(steps, StepKind.RETRY) == [7, 3, 1, 0]
        assert days(steps, StepKind.REMINDER) == []
        (renewal,) = [step for step in steps if step.kind == StepKind.RENEWAL]
        assert renewal.until == date(2027, 12, 31)

    def test_a_domain_is_redeemed_before_it_is_released(self) -> None:
        """PRD-11."""
        steps = timeline(product(grace_days=10, redemption_days=40), EXPIRY)
        assert days(steps, StepKind.REDEMPTION) == [-10]
        assert days(steps, StepKind.RELEASE) == [-50]
        assert days(steps, StepKind.TERMINATION) == []

    def test_a_domain_in_redemption_has_the_price_of_its_restore(self) -> None:
        """PRD-11: as long as it can be paid; before, the redemption has it."""
        outlook = Outlook(is_charged=False, restore_price=Money(6590, "CHF"))
        domain = product(status="redemption", grace_days=10, redemption_days=40)
        (release,) = timeline(domain, EXPIRY, outlook)
        (entry,) = describe_timeline([release], EXPIRY)
        assert "restoring costs CHF 65.90" in " ".join(entry.text.split())
        domain.status = "suspended"
        assert [step.money for step in timeline(domain, EXPIRY, outlook)] == [outlook.restore_price, None]

    @pytest.mark.parametrize(
        ("status", "kinds"),
        [
            ("suspended", [StepKind.REDEMPTION, StepKind.RELEASE]),
            ("redemption", [StepKind.RELEASE]),
            ("terminated", []),
            ("released", []),
            ("pending", []),
        ],
    )
    def test_shows_only_what_is_still_to_come(self, status: str, kinds: list[StepKind]) -> None:
        """PRD-8."""
        steps = timeline(product(status=status, grace_days=10, redemption_days=40), EXPIRY)
        assert [step.kind for step in steps] == kinds

    @pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 12, 20), EXPIRY, date(2027, 1, 15)])
    @pytest.mark.parametrize("auto_renew", [True, False])
    def test_is_in_order_and_never_in_the_past(self, on: date, auto_renew: bool) -> None:
        """PRD-8."""
        found = [step.on for step in timeline(product(auto_renew=auto_renew), on)]
        assert found == sorted(found)
        assert all(day >= on for day in found)

    @pytest.mark.parametrize(("grace", "redemption"), [(30, 0), (10, 40), (0, 0), (0, 30)])
    def test_agrees_with_what_the_calendar_does(self, grace: int, redemption: int) -> None:
        """PRD-8, PRD-11: day by day, the page never says anything else than what then happens."""
        reached = {
            StepKind.SUSPENSION: "suspended",
            StepKind.TERMINATION: "terminated",
            StepKind.REDEMPTION: "redemption",
            StepKind.RELEASE: "released",
        }
        plan = make_plan(grace_days=grace, redemption_days=redemption)
        real = make_product(make_tenant(), plan=plan, months=1, at=datetime(2026, 1, 31, 12, tzinfo=UTC))
        told = {
            step.on: reached[step.kind] for step in timeline(real, real.expires_on) if step.kind in reached
        }
        day = real.expires_on - timedelta(days=1)
        expected = "active"
        while day <= max(told) + timedelta(days=1):
            expected = told.get(day, expected)
            while drain_life(at=datetime.combine(day, time(12), tzinfo=UTC)):
                pass
            assert Product.objects.using("system").get(pk=real.pk).status == expected, day
            day += timedelta(days=1)


class TestWords:
    def test_puts_the_reminders_into_one_entry(self) -> None:
        """PRD-8: the next one with its days, then the others."""
        today = date(2026, 12, 20)
        entries = describe_timeline(timeline(product(), today), today)
        assert [entry.title for entry in entries] == ["Reminder", "Suspension", "Termination"]
        assert entries[0].when == "Dec. 24, 2026 (in 4 days)"
        assert "Dec. 28, 2026, Dec. 30, 2026, Dec. 31, 2026" in entries[0].text
        assert [entry.state for entry in entries] == ["current", "next", "next"]

    def test_says_days_and_periods_as_people_do(self) -> None:
        """UI-4."""
        assert [describe_days(count) for count in (0, 1, 12, -1, -3)] == [
            "today",
            "in 1 day",
            "in 12 days",
            "1 day ago",
            "3 days ago",
        ]
        assert [describe_period(count) for count in (1, 3, 12, 60)] == [
            "1 month",
            "3 months",
            "1 year",
            "5 years",
        ]
