"""The driver over HTTP, against machines that really answer, fail, and call back (PRD-7, INC-22, INC-23)."""

from datetime import UTC, datetime, timedelta

import pytest

from manager.demo.machines.server import Machines
from manager.kit.scope import tenant_scope
from products.inventory.services import suspend_product
from products.provisioning.models import DriverHealth
from products.provisioning.periodic import drain_health, drain_provisioning
from products.provisioning.protocol import Accepted, Job, ProvisioningFailed
from products.provisioning.services import retry_service, want_change, want_service
from products.provisioning.webhook import WebhookDriver
from tests.factories.products import ACTOR
from tests.factories.services import ask, make_served, reread_action, service_of
from tests.products.provisioning.conftest import SECRET

AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
PATH = "/webhooks/provisioning/machines/"


def test_a_lost_answer_is_asked_for_again_under_the_same_key(machines: Machines) -> None:
    """PRD-7: done, and the connection died: the second call finds it done and the machines do it once."""
    machines.faults = ["lose"]
    product = make_served(at=AT)
    assert service_of(product).state == "absent"
    assert drain_provisioning(at=service_of(product).due_at) == 1
    assert service_of(product).state == "running"
    assert [call["key"] for call in machines.calls] == [machines.calls[0]["key"]] * 2
    assert len(machines.done) == 1


@pytest.mark.parametrize("fault", ["fail", "garbage"])
def test_an_answer_that_is_none_is_tried_again(machines: Machines, fault: str) -> None:
    """PRD-7: an error page or nonsense leaves the product paid and due."""
    machines.faults = [fault]
    product = make_served(at=AT)
    service = service_of(product)
    assert (service.state, service.attempts, service.quarantined_at) == ("absent", 1, None)
    assert ("The rack is full." if fault == "fail" else "cannot be read") in service.last_error
    drain_provisioning(at=service.due_at)
    assert service_of(product).state == "running"


def test_a_refusal_goes_to_the_quarantine_with_its_words(machines: Machines) -> None:
    """PRD-7: 422 says that no further try helps."""
    machines.faults = ["refuse"]
    service = service_of(make_served(at=AT))
    assert (service.due_at, service.quarantined_at) == (None, AT)
    assert "The name is not allowed." in service.last_error


def test_another_offer_is_told_to_the_machines(machines: Machines) -> None:
    """PRD-14: plan, quantity and options of now, once, also for two changes in a row."""
    product = make_served(at=AT)
    with tenant_scope(product.organization_id):
        for quantity in (2, 3):
            type(product).objects.filter(pk=product.pk).update(quantity=quantity)
            want_change(organization_id=product.organization_id, product_id=product.pk, at=AT)
    assert drain_provisioning(at=AT) == 1
    assert drain_provisioning(at=AT) == 0
    assert machines.calls[-1]["operation"] == "change"
    assert (service_of(product).data["units"], service_of(product).has_changed) == (3, False)


def test_a_change_waits_until_the_service_is_set_up_and_keeps_a_suspended_one_so(machines: Machines) -> None:
    """PRD-14: before anything was begun, the set-up tells all; afterwards each change is told."""
    product = make_served(at=AT, is_set_up=False)
    ids = {"organization_id": product.organization_id, "product_id": product.pk}
    with tenant_scope(product.organization_id):
        want_change(**ids, at=AT)
    assert not service_of(product).has_changed
    drain_provisioning(at=AT)
    with tenant_scope(product.organization_id):
        suspend_product(product=product, actor=ACTOR, at=AT)
        want_service(**ids, kind="nas", wanted="suspended", at=AT)
        want_change(**ids, at=AT)
    drain_provisioning(at=AT)
    assert [call["operation"] for call in machines.calls] == ["provision", "suspend", "change"]
    assert (service_of(product).state, service_of(product).data["power"]) == ("suspended", "off")


def test_a_lost_answer_to_an_action_performs_it_once(machines: Machines) -> None:
    """PRD-13: a reset must not happen twice because a connection died."""
    product = make_served(at=AT)
    machines.faults = ["lose"]
    action = ask(product, "restart", at=AT)
    drain_provisioning(at=AT)
    assert (reread_action(action).status, reread_action(action).may_be_cancelled) == ("waiting", False)
    drain_provisioning(at=reread_action(action).due_at)
    assert reread_action(action).status == "done"
    assert machines.performed == [(product.pk, "restart")]


def test_staff_ask_again_under_another_key(machines: Machines) -> None:
    """PRD-7: what was answered for the old call is not the answer to the new one."""
    machines.faults = ["refuse"]
    product = make_served(at=AT)
    with tenant_scope(product.organization_id):
        retry_service(service=service_of(product), actor=ACTOR, at=AT)
    drain_provisioning(at=AT)
    assert service_of(product).state == "running"
    assert machines.calls[0]["key"] != machines.calls[1]["key"]


def test_health_is_asked_every_five_minutes(machines: Machines) -> None:
    """PRD-7: staff see which machines do not answer, also when nothing is due."""
    assert drain_health(at=AT) == 2
    assert drain_health(at=AT + timedelta(minutes=4)) == 0
    assert DriverHealth.objects.get(driver="machines").is_well
    machines.is_well = False
    drain_health(at=AT + timedelta(minutes=6))
    assert not DriverHealth.objects.get(driver="machines").is_well


def test_machines_that_are_not_there_fail_and_are_not_well() -> None:
    """PRD-7: no connection is a failure to be tried again."""
    driver = WebhookDriver(name="machines", url="http://127.0.0.1:1", secrets=(SECRET,))
    job = Job(product_id=1, organization_id=1, kind="nas", plan="nas", name="n", quantity=1, key="k")
    with pytest.raises(ProvisioningFailed) as failed:
        driver.provision(job)
    assert not failed.value.is_final
    assert not driver.health().is_well


def test_needs_a_secret() -> None:
    """INC-22: nothing is sent or taken unsigned."""
    with pytest.raises(LookupError, match="secret"):
        WebhookDriver(name="machines", url="http://127.0.0.1:1", secrets=())


def test_machines_may_not_put_off_for_ever(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """PRD-7: at most 20 hours: what is further away would count as put off by a wrong clock."""
    machines.accepts = True
    monkeypatch.setattr("manager.demo.machines.server.WAIT", 10**12)
    service = service_of(make_served(at=AT))
    assert service.due_at == AT + timedelta(hours=20)
    assert Accepted().wait < timedelta(days=1)
