"""Actions whose driver fails, whose worker dies, and many workers at once (PRD-13)."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from pytest_django import Settings

from manager.kit.errors import IllegalTransition
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from products.modules.nas.actions import RESET_DELAY
from products.provisioning.local import LocalDriver
from products.provisioning.models import PlannedFault, ServiceAction
from products.provisioning.operations import LEASE, MAX_ACTION_ATTEMPTS
from products.provisioning.periodic import drain_provisioning
from products.provisioning.protocol import Job
from products.provisioning.services import (
    ActionPending,
    ActionUnderWay,
    dismiss_action,
    retry_action,
)
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR
from tests.factories.services import ask, make_served, reread_action, service_of

AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
DUE = AT + RESET_DELAY
performed: list[tuple[int, str, str]] = []
interruptions: list[Callable[[], object]] = []


class RecordingDriver(LocalDriver):
    """The local driver, with a record of what it performed."""

    def act(self, job: Job, action: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """Record, then perform."""
        performed.append((job.product_id, action, job.key))
        if interruptions:
            interruptions.pop()()
        return super().act(job, action, parameters)


@pytest.fixture(autouse=True)
def _recording(settings: Settings) -> None:
    performed.clear()
    interruptions.clear()
    settings.PROVISIONING_DRIVERS = {"local": f"{__name__}.RecordingDriver"}


def names(product: object) -> list[str]:
    rows = AuditEvent.objects.using("system").filter(name__startswith="product.action")
    return list(rows.order_by("pk").values_list("name", flat=True))


def test_a_failure_is_tried_again_five_times_and_then_staff_decide() -> None:
    """PRD-13: staff see it with its reason, and perform it again or give it up."""
    product = make_served(at=AT)
    PlannedFault.objects.create(operation="restart", remaining=MAX_ACTION_ATTEMPTS, message="No power.")
    action = ask(product, "restart", at=AT)
    at = AT
    for _ in range(MAX_ACTION_ATTEMPTS):
        drain_provisioning(at=at)
        at = reread_action(action).due_at or at
    failed = reread_action(action)
    assert (failed.status, "No power." in failed.last_error, failed.due_at) == ("failed", True, None)
    assert names(product)[-1] == "product.action_failed"
    with tenant_scope(product.organization_id):
        retry_action(action=action, actor=ACTOR, at=at)
        with pytest.raises(IllegalTransition):
            retry_action(action=action, actor=ACTOR, at=at)
        with pytest.raises(ActionUnderWay):
            dismiss_action(action=action, actor=ACTOR, at=at)
    assert drain_provisioning(at=at) == 1
    assert reread_action(action).status == "done"
    assert len({key for _product, _action, key in performed}) == 2


def test_what_failed_can_be_given_up() -> None:
    """PRD-13: it is off the list of staff, and can be asked for anew."""
    product = make_served(at=AT)
    action = ask(product, "restart", at=AT)
    ServiceAction.objects.using("system").filter(pk=action.pk).update(status="running")
    ServiceAction.objects.using("system").filter(pk=action.pk).update(
        status="failed", due_at=None, closed_at=AT
    )
    ask(product, "restart", at=AT)
    with tenant_scope(product.organization_id):
        with pytest.raises(ActionPending):
            retry_action(action=action, actor=ACTOR, at=AT)
        dismiss_action(action=action, actor=ACTOR, at=AT)
    assert reread_action(action).status == "cancelled"


def test_a_worker_that_dies_leaves_the_action_to_the_next_with_the_same_key() -> None:
    """PRD-13: the driver is asked again under the key that it knows, after the lease."""
    product = make_served(at=AT)
    action = ask(product, "restart", at=AT)
    interruptions.append(sys.exit)
    with pytest.raises(SystemExit):
        drain_provisioning(at=AT)
    assert reread_action(action).status == "running"
    assert drain_provisioning(at=AT) == 0
    assert drain_provisioning(at=AT + LEASE) == 1
    assert [key for _product, _action, key in performed] == [performed[0][2]] * 2


def test_workers_that_die_of_it_each_time_do_not_go_on_for_ever() -> None:
    """PRD-13: after five deaths it has failed, and the driver is not called a sixth time."""
    product = make_served(at=AT)
    action = ask(product, "restart", at=AT)
    at = AT
    for _ in range(MAX_ACTION_ATTEMPTS):
        interruptions.append(sys.exit)
        with pytest.raises(SystemExit):
            drain_provisioning(at=at)
        at += LEASE
    drain_provisioning(at=at)
    assert (reread_action(action).status, len(performed)) == ("failed", MAX_ACTION_ATTEMPTS)


def test_four_workers_perform_each_action_once_and_one_at_a_time() -> None:
    """PRD-13: any number of workers; two actions of a service never overlap."""
    organization = make_tenant()
    products = [make_served(organization, at=AT, is_set_up=False) for _ in range(8)]
    drain_provisioning(at=AT)
    for product in products:
        ask(product, "restart", at=AT)
        ask(product, "soft-reset", at=AT)
    start = Barrier(4)

    def run() -> None:
        start.wait()
        drain_provisioning(at=DUE)
        connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain_provisioning(at=DUE)
    wanted = [(product.pk, slug) for product in products for slug in ("restart", "soft-reset")]
    assert sorted((product, slug) for product, slug, _key in performed) == sorted(wanted)
    assert not ServiceAction.objects.using("system").exclude(status="done").exists()


def test_waits_while_the_service_itself_is_being_changed() -> None:
    """PRD-13: first what the product is, then what is asked of it."""
    product = make_served(at=AT)
    PlannedFault.objects.create(operation="change", remaining=1, message="Busy.")
    type(service_of(product)).objects.using("system").filter(product_id=product.pk).update(
        has_changed=True, due_at=AT
    )
    action = ask(product, "restart", at=AT)
    drain_provisioning(at=AT)
    assert reread_action(action).status == "waiting"
    drain_provisioning(at=service_of(product).due_at)
    assert reread_action(action).status == "done"
