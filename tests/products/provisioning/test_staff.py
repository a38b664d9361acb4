"""The back office's pages of provisioning (PRD-7, PRD-13)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from products.provisioning.models import DriverHealth, PlannedFault, Service, ServiceAction
from products.provisioning.operations import MAX_ACTION_ATTEMPTS
from products.provisioning.periodic import drain_provisioning
from products.provisioning.rights import MEND_SERVICES
from tests.factories.cast import make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.services import ask, make_served, reread_action, service_of

AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
PAGE, RETRY = "/staff/provisioning/", "/staff/provisioning/retry/"
ACTIONS, MEND = "/staff/provisioning/actions/", "/staff/provisioning/actions/mend/"


@pytest.fixture
def staff() -> Client:
    return staff_client(make_staff(MEND_SERVICES))


def make_quarantined(reason: str = "The rack is full.", name: str = "Example AG") -> Product:
    product = make_served(make_tenant(name=name), at=AT, is_set_up=False)
    PlannedFault.objects.create(operation="provision", product_id=product.pk, remaining=1, message=reason)
    Service.objects.using("system").filter(product_id=product.pk).update(attempts=7)
    drain_provisioning(at=AT)
    assert service_of(product).quarantined_at == AT
    return product


def make_failed(reason: str = "No power.") -> tuple[Product, ServiceAction]:
    product = make_served(at=AT)
    PlannedFault.objects.create(operation="restart", product_id=product.pk, remaining=1, message=reason)
    action = ask(product, "restart", at=AT)
    ServiceAction.objects.using("system").filter(pk=action.pk).update(attempts=MAX_ACTION_ATTEMPTS - 1)
    drain_provisioning(at=AT)
    assert reread_action(action).status == "failed"
    return product, action


def test_shows_what_failed_of_all_organizations_with_its_reason(staff: Client) -> None:
    """PRD-7: staff see it; what is in order is not listed."""
    product, fine = make_quarantined(), make_served(at=AT)
    page = staff.get(PAGE).content.decode()
    assert "The rack is full." in page
    assert "Example AG" in page
    assert product.name in page
    assert fine.name not in page


def test_reasons_are_shown_as_text(staff: Client) -> None:
    """INC-9: what a machine says is no part of the page."""
    make_quarantined("<script>alert(1)</script>")
    page = staff.get(PAGE).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("q=Example", True),
        ("q=nobody", False),
        ("q=%00", True),
        ("trouble=quarantined", True),
        ("trouble=failing", False),
        ("trouble=awaited", False),
        ("driver=local", True),
        ("driver=nobody", True),
        ("trouble=x&q=Example", True),
    ],
)
def test_filters(staff: Client, query: str, is_shown: bool) -> None:
    """PRD-7: by words, trouble and driver; what is not understood is left out."""
    product = make_quarantined()
    answer = staff.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    assert (product.name in answer.content.decode()) is is_shown


def test_finds_a_product_by_its_number(staff: Client) -> None:
    """PRD-7: the number that a customer names."""
    one, other = make_quarantined(), make_quarantined()
    page = staff.get(f"{PAGE}?q={one.pk}").content.decode()
    assert one.name in page
    assert other.name not in page


def test_tries_many_again_at_once(staff: Client) -> None:
    """PRD-7: begun anew, each in the log of its organization; others are left alone."""
    first, second, third = (make_quarantined() for _ in range(3))
    selected = [service_of(first).pk, service_of(second).pk, "x", "9" * 30]
    answer = staff.post(RETRY, {"selected": selected}, follow=True)
    assert "2 entries are tried again." in answer.content.decode()
    assert [service_of(one).quarantined_at is None for one in (first, second, third)] == [True, True, False]
    events = AuditEvent.objects.using("system").filter(name="service.retried")
    assert sorted(events.values_list("organization_id", "actor_kind")) == [
        (first.organization_id, "staff"),
        (second.organization_id, "staff"),
    ]
    drain_provisioning(at=datetime.now(UTC))
    assert service_of(first).state == "running"


def test_what_is_in_order_is_left_alone(staff: Client) -> None:
    """PRD-7: a selection that is out of date starts nothing."""
    fine = make_served(at=AT)
    before = service_of(fine).serial
    answer = staff.post(RETRY, {"selected": [service_of(fine).pk]}, follow=True)
    assert "Nothing was selected that waits." in answer.content.decode()
    assert service_of(fine).serial == before


def test_failed_actions_are_performed_again_or_given_up(staff: Client) -> None:
    """PRD-13: with reason and who asked."""
    (_one, again), (_other, no_more) = make_failed(), make_failed()
    page = staff.get(ACTIONS).content.decode()
    assert page.count("No power.") == 2
    assert "Restart" in page
    staff.post(MEND, {"selected": [again.pk], "do": "retry"})
    staff.post(MEND, {"selected": [no_more.pk], "do": "dismiss"})
    assert (reread_action(again).status, reread_action(no_more).status) == ("waiting", "cancelled")
    assert "Nothing failed" in staff.get(ACTIONS).content.decode()


def test_an_action_that_cannot_be_performed_is_named_with_the_reason(staff: Client) -> None:
    """PRD-13: the service does not run any more."""
    product, action = make_failed()
    Service.objects.using("system").filter(product_id=product.pk).update(wanted="suspended")
    answer = staff.post(MEND, {"selected": [action.pk], "do": "retry"}, follow=True)
    assert "This is possible only while the product is running." in answer.content.decode()
    assert reread_action(action).status == "failed"


def test_the_start_page_and_the_menu_count_what_waits(staff: Client) -> None:
    """PRD-7: staff are alerted."""
    make_quarantined()
    make_failed()
    DriverHealth.objects.create(driver="local", is_well=False, details="On fire", checked_at=AT)
    page = staff.get("/staff/").content.decode()
    assert "Products that could not be set up" in page
    assert "Not well: local" in page
    assert "On fire" in staff.get(PAGE).content.decode()


def test_is_for_staff_with_the_right(client: Client) -> None:
    """ACC-8: 404 to strangers, 403 without the right."""
    assert client.get(PAGE).status_code == 302
    without = staff_client(make_staff())
    for path in (PAGE, ACTIONS):
        assert without.get(path).status_code == 403
    for path in (RETRY, MEND):
        assert without.post(path, {"selected": "1"}).status_code == 403


def test_the_number_of_queries_does_not_grow(
    staff: Client, query_count: Callable[[], AbstractContextManager[Any]]
) -> None:
    """UI-2: the same for two as for six."""
    seen = []
    for _ in range(2):
        for _ in range(2):
            make_quarantined()
            make_failed()
        for path in (PAGE, ACTIONS):
            with query_count() as counted:
                staff.get(path)
            seen.append(counted.count)
    assert seen[:2] == seen[2:]
