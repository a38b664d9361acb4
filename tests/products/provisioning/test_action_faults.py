"""Actions whose driver fails, whose worker dies, and many workers at once (PRD-13)."""

import sys
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connections

from manager.kit.errors import IllegalTransition
from manager.kit.scope import tenant_scope
from products.modules.nas.actions import RESET_DELAY
from products.provisioning.models import PlannedFault, ServiceAction
from products.provisioning.operations import LEASE, MAX_ACTION_ATTEMPTS
from products.provisioning.periodic import drain_provisioning
from products.provisioning.services import (
    ActionPending,
    ActionUnderWay,
    dismiss_action,
    retry_action,
)
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR
from tests.factories.recording import audited_actions, interruptions, performed
from tests.factories.services import ask, make_served, reread_action, service_of

AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
DUE = AT + RESET_DELAY

pytestmark = pytest.mark.usefixtures("recording")


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
    assert audited_actions()[-1] == "product.action_failed"
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
