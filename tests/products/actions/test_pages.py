"""A member asks a NAS for a restart and resets on its page, and takes them back (PRD-13)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from organizations.profile.models import Organization
from products.inventory.models import Product
from products.modules.nas.actions import RESET_DELAY
from products.provisioning.models import Service, ServiceAction
from products.provisioning.periodic import drain_provisioning
from tests.factories.cast import client_of, grant, make_member, make_person
from tests.factories.services import ask, make_served, reread_action


def page_of(product: Product) -> str:
    return f"/o/{product.organization_id}/products/{product.pk}/"


def actions_of(product: Product) -> list[tuple[str, str]]:
    rows = ServiceAction.objects.using("system").filter(product_id=product.pk)
    return list(rows.order_by("pk").values_list("slug", "status"))


def test_the_page_offers_what_the_kind_knows(alice: Client, nas: Product, at: datetime) -> None:
    """PRD-13: restart, soft and hard reset; other kinds have no such card."""
    page = alice.get(page_of(nas)).content.decode()
    for slug in ("restart", "soft-reset", "hard-reset"):
        assert f"{page_of(nas)}actions/{slug}/" in page
    other = make_served(nas.organization, kind="hosting", at=at)
    assert "/actions/" not in alice.get(page_of(other)).content.decode()


def test_offers_nothing_while_the_driver_is_gone(
    alice: Client, nas: Product, at: datetime, settings: Settings
) -> None:
    """PRD-13: the settings lost the driver, the services stayed: an answer, never a failure."""
    settings.PROVISIONING_DRIVERS = {}
    assert "/actions/" not in alice.get(page_of(nas)).content.decode()
    assert alice.post(f"{page_of(nas)}actions/restart/").status_code in {404, 409}
    assert actions_of(nas) == []


def test_a_restart_begins_at_once(alice: Client, nas: Product, at: datetime) -> None:
    """PRD-13: said before, asked by a button, done by the next run."""
    path = f"{page_of(nas)}actions/restart/"
    assert "no data is lost" in alice.get(path).content.decode()
    answer = alice.post(path, follow=True)
    assert "Restart: it begins now." in answer.content.decode()
    drain_provisioning(at=at + timedelta(minutes=1))
    assert actions_of(nas) == [("restart", "done")]
    assert "Action done" in alice.get(page_of(nas)).content.decode()


def test_a_reset_asks_for_a_confirmation_shows_as_pending_and_is_cancelled(
    alice: Client, nas: Product
) -> None:
    """PRD-13: nothing without the box; pending with its time; cancelled on the page."""
    path = f"{page_of(nas)}actions/hard-reset/"
    refused = alice.post(path)
    assert refused.status_code == 422
    assert "Please confirm that you want this." in refused.content.decode()
    assert actions_of(nas) == []
    page = alice.post(path, {"understood": "on"}, follow=True).content.decode()
    assert "Hard reset: it is pending." in page
    assert "Pending" in page
    assert f'href="{path}"' not in page
    action = ServiceAction.objects.using("system").get()
    assert action.due_at - action.asked_at == RESET_DELAY
    cancel = f"{page_of(nas)}actions/{action.pk}/cancel/"
    assert cancel in page
    assert "Take it back" in alice.get(cancel).content.decode()
    assert "Hard reset: it is cancelled." in alice.post(cancel, follow=True).content.decode()
    assert actions_of(nas) == [("hard-reset", "cancelled")]


def test_what_is_done_cannot_be_cancelled_by_an_old_page(alice: Client, nas: Product, at: datetime) -> None:
    """PRD-13: the page says so, and nothing changes."""
    action = ask(nas, "restart", at=at)
    drain_provisioning(at=at)
    answer = alice.post(f"{page_of(nas)}actions/{action.pk}/cancel/", follow=True)
    assert "This cannot be cancelled any more." in answer.content.decode()
    assert reread_action(action).status == "done"


def test_asking_twice_is_refused_in_words(alice: Client, nas: Product, at: datetime) -> None:
    """PRD-13: also from a second window."""
    ask(nas, "soft-reset", at=at)
    answer = alice.post(f"{page_of(nas)}actions/soft-reset/", {"understood": "on"})
    assert answer.status_code == 422
    assert "asked for already" in answer.content.decode()


def test_a_suspended_product_says_why_not(alice: Client, nas: Product) -> None:
    """UI-6: the buttons stand there with the reason; the server refuses as well."""
    Service.objects.using("system").filter(product_id=nas.pk).update(state="suspended", wanted="suspended")
    assert "only while the product is running" in alice.get(page_of(nas)).content.decode()
    answer = alice.post(f"{page_of(nas)}actions/restart/")
    assert answer.status_code == 422
    assert "only while the product is running" in answer.content.decode()


@pytest.mark.parametrize("slug", ["explode", "provision", "a" * 60])
def test_an_unknown_action_is_a_missing_page(alice: Client, nas: Product, slug: str) -> None:
    """INC-1: 404, also for what the driver's other operations are called."""
    assert alice.post(f"{page_of(nas)}actions/{slug}/").status_code == 404


def test_an_action_of_another_product_is_not_found(
    alice: Client, nas: Product, organization: Organization, at: datetime
) -> None:
    """INC-1: the address names product and action together."""
    other = ask(make_served(organization, at=at), "soft-reset", at=at)
    assert alice.post(f"{page_of(nas)}actions/{other.pk}/cancel/").status_code == 404
    assert reread_action(other).status == "waiting"


@pytest.mark.parametrize(("level", "status"), [("view", 403), ("manage", 302)])
def test_who_only_sees_the_product_cannot_ask(
    nas: Product, organization: Organization, level: str, status: int
) -> None:
    """ORG-13: by the grant on the product."""
    guest = make_member(organization, "external")
    grant(organization, guest, level, product_id=nas.pk)
    client = client_of(guest)
    page = client.get(page_of(nas)).content.decode()
    assert ("You may only view this product." in page) is (level == "view")
    assert client.post(f"{page_of(nas)}actions/restart/").status_code == status
    assert len(actions_of(nas)) == (level == "manage")


def test_strangers_find_nothing(nas: Product, at: datetime) -> None:
    """INC-1: 404."""
    action = ask(nas, "soft-reset", at=at)
    stranger = client_of(make_person("Charlie Stranger"))
    for path in ("actions/restart/", f"actions/{action.pk}/cancel/"):
        assert stranger.post(page_of(nas) + path).status_code == 404
    assert actions_of(nas) == [("soft-reset", "waiting")]


def test_the_page_asks_the_database_no_more_for_more_actions(
    alice: Client, nas: Product, at: datetime, query_count: Callable[[], AbstractContextManager[Any]]
) -> None:
    """UI-2: the same number of queries for one action as for many."""
    seen = []
    for minutes in range(3):
        ask(nas, "restart", at=at)
        drain_provisioning(at=at + timedelta(minutes=minutes))
        with query_count() as counted:
            alice.get(page_of(nas))
        seen.append(counted.count)
    assert len(set(seen[1:])) == 1
