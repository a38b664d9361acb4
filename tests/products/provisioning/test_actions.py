"""What is asked of a service: pending, cancelled, performed once, given up (PRD-13)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import psycopg
import pytest
from django import forms
from django.db import DatabaseError, connections

from manager.kit.scope import tenant_scope
from products.inventory.services import suspend_product
from products.modules.nas.actions import RESET_DELAY
from products.provisioning import actions as known
from products.provisioning.actions import Action
from products.provisioning.models import ServiceAction
from products.provisioning.periodic import drain_provisioning
from products.provisioning.services import (
    ActionNotOffered,
    ActionNotPossible,
    ActionPending,
    ActionUnderWay,
    ask_action,
    cancel_action,
    give_up_actions,
    want_service,
)
from products.provisioning.services.ask import ParametersInvalid
from products.provisioning.states import ACTION_TRANSITIONS, ActionStatus
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR
from tests.factories.recording import audited_actions, interruptions, performed
from tests.factories.services import ask, make_served, reread_action
from tests.factories.transfers import accept, offer

AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
DUE = AT + RESET_DELAY

pytestmark = pytest.mark.usefixtures("recording")


def test_a_restart_is_performed_at_once_and_stands_in_the_log() -> None:
    """PRD-13: asked and done, with who asked."""
    product = make_served(at=AT)
    action = ask(product, "restart", at=AT)
    assert drain_provisioning(at=AT) == 1
    done = reread_action(action)
    assert (done.status, done.closed_at, done.asked_by, done.due_at) == ("done", AT, ACTOR.name, None)
    assert audited_actions() == ["product.action_asked", "product.action_done"]
    assert drain_provisioning(at=AT + timedelta(hours=5)) == 0
    assert len(performed) == 1


@pytest.mark.parametrize("slug", ["soft-reset", "hard-reset"])
def test_a_reset_is_pending_and_can_be_cancelled(slug: str) -> None:
    """PRD-13: shows as pending until its time; cancelled, it never happens."""
    product = make_served(at=AT)
    action = ask(product, slug, at=AT)
    assert drain_provisioning(at=DUE - timedelta(seconds=1)) == 0
    assert reread_action(action).may_be_cancelled
    with tenant_scope(product.organization_id):
        cancel_action(action=action, actor=ACTOR, at=AT)
        cancel_action(action=action, actor=ACTOR, at=AT)
    assert drain_provisioning(at=DUE) == 0
    assert (reread_action(action).status, performed) == ("cancelled", [])
    assert audited_actions() == ["product.action_asked", "product.action_cancelled"]
    ask(product, slug, at=AT)
    assert drain_provisioning(at=DUE) == 1


def test_what_is_under_way_or_over_cannot_be_cancelled() -> None:
    """PRD-13: the machine has heard of it."""
    product = make_served(at=AT)
    action = ask(product, "restart", at=AT)
    refused: list[type[Exception]] = []

    def cancel() -> None:
        try:
            cancel_action(action=action, actor=ACTOR, at=AT)
        except ActionUnderWay as error:
            refused.append(type(error))

    interruptions.append(cancel)
    drain_provisioning(at=AT)
    with tenant_scope(product.organization_id):
        cancel()
    assert (refused, reread_action(action).status) == ([ActionUnderWay] * 2, "done")


def test_the_same_is_not_asked_twice_also_not_at_the_same_moment() -> None:
    """PRD-13: a second reset while one is pending is refused; the database holds it, too."""
    product = make_served(at=AT)
    start, refused = Barrier(4), []

    def send() -> None:
        start.wait()
        try:
            ask(product, "soft-reset", at=AT)
        except ActionPending as error:
            refused.append(error)
        connections.close_all()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), ServiceAction.objects.using("system").count()) == (3, 1)
    ask(product, "restart", at=AT)


def test_only_a_running_service_can_be_asked_and_only_what_it_knows() -> None:
    """PRD-13: not before it is set up, not suspended, not of another kind."""
    product = make_served(at=AT, is_set_up=False)
    with pytest.raises(ActionNotPossible):
        ask(product, "restart", at=AT)
    drain_provisioning(at=AT)
    with pytest.raises(ActionNotOffered):
        ask(product, "explode", at=AT)
    with pytest.raises(ActionNotOffered):
        ask(make_served(kind="hosting", at=AT), "restart", at=AT)
    with tenant_scope(product.organization_id):
        want_service(
            organization_id=product.organization_id,
            product_id=product.pk,
            kind="nas",
            wanted="suspended",
            at=AT,
        )
    with pytest.raises(ActionNotPossible):
        ask(product, "restart", at=AT)


def test_a_service_that_stops_gives_up_what_waits() -> None:
    """PRD-13, PRD-8: a reset asked before the suspension does not come with the payment weeks later."""
    product = make_served(at=AT)
    action = ask(product, "hard-reset", at=AT)
    with tenant_scope(product.organization_id):
        suspend_product(product=product, actor=ACTOR, at=AT)
        want_service(
            organization_id=product.organization_id,
            product_id=product.pk,
            kind="nas",
            wanted="suspended",
            at=AT,
        )
    assert reread_action(action).status == "cancelled"


def test_leaving_the_organization_cancels_what_waits_and_waits_for_what_runs() -> None:
    """PRD-13: the recipient does not get the giver's reset."""
    product = make_served(at=AT)
    ids = {"organization_id": product.organization_id, "product_id": product.pk, "actor": ACTOR, "at": AT}
    pending = ask(product, "soft-reset", at=AT)
    refused: list[object] = []

    def leave() -> None:
        with pytest.raises(ActionUnderWay):
            give_up_actions(**ids)
        refused.append(reread_action(pending).status)

    ask(product, "restart", at=AT)
    interruptions.append(leave)
    drain_provisioning(at=AT)
    assert refused == ["waiting"]
    with tenant_scope(product.organization_id):
        assert give_up_actions(**ids) == 1
    assert reread_action(pending).status == "cancelled"


class SystemForm(forms.Form):
    """A choice."""

    system = forms.ChoiceField(choices=[("debian", "Debian"), ("windows", "Windows")])


@pytest.fixture
def _with_form() -> Iterator[None]:
    before = {kind: dict(actions) for kind, actions in known._actions.items()}
    known.register_actions(
        "nas", Action("reinstall", "Reinstall", "It is set up anew.", "Reinstall", form=SystemForm)
    )
    yield
    known._actions.clear()
    known._actions.update(before)


@pytest.mark.usefixtures("_with_form")
def test_parameters_are_checked_by_the_form_of_the_action() -> None:
    """WIN-1: only what the form takes reaches the driver."""
    product = make_served(at=AT)
    ids = {"organization_id": product.organization_id, "product_id": product.pk, "actor": ACTOR, "at": AT}
    with tenant_scope(product.organization_id):
        for wrong in ({}, {"system": "dos"}):
            with pytest.raises(ParametersInvalid) as refused:
                ask_action(slug="reinstall", parameters=wrong, **ids)
            assert refused.value.field == "system"
        action = ask_action(slug="reinstall", parameters={"system": "debian", "more": "x"}, **ids)
    assert action.parameters == {"system": "debian"}


@pytest.mark.parametrize("old", [status.value for status in ActionStatus])
@pytest.mark.parametrize("new", [status.value for status in ActionStatus])
def test_the_database_knows_the_table(old: str, new: str) -> None:
    """PRD-13: every state against every other; the database refuses what the table does not allow."""
    product = make_served(at=AT)
    action = ask(product, "restart", at=AT)
    rows = ServiceAction.objects.using("system").filter(pk=action.pk)
    path = {
        "waiting": [],
        "running": ["running"],
        "done": ["running", "done"],
        "failed": ["running", "failed"],
    }
    for status in path.get(old, [old]):
        rows.update(status=status, **_shape(status))
    if old == new or new in ACTION_TRANSITIONS[ActionStatus(old)]:
        assert rows.update(status=new, **_shape(new)) == 1
    else:
        with pytest.raises(DatabaseError, match="Invalid transition"):
            rows.update(status=new, **_shape(new))


def _shape(status: str) -> dict[str, object]:
    is_open = status in {"waiting", "running"}
    return {"due_at": AT if is_open else None, "closed_at": None if is_open else AT}


def test_another_organization_sees_no_actions(as_role: Callable[[str], psycopg.Connection]) -> None:
    """ORG-17: row-level security on the table of actions."""
    product = make_served(at=AT)
    ask(product, "restart", at=AT)
    with tenant_scope(make_tenant().pk):
        assert not ServiceAction.objects.exists()
    found = as_role("web").execute("SELECT count(*) FROM products_serviceaction").fetchone()
    assert found == (0,)


def test_a_transferred_product_goes_without_what_the_giver_asked() -> None:
    """PRD-13, ORG-17: the pending reset stays behind, cancelled; the recipient asks anew."""
    product, taker = make_served(at=AT), make_tenant(name="Taker AG")
    pending = ask(product, "hard-reset", at=AT)
    moved = accept(offer(product, at=AT), taker, at=AT)
    assert reread_action(pending).status == "cancelled"
    assert ask(moved, "restart", at=AT).organization_id == taker.pk
    assert drain_provisioning(at=DUE) == 1
    assert [action for _product, action, _key in performed] == ["restart"]
