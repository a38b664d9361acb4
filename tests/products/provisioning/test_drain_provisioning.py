"""Services follow their products, whatever fails, repeats or dies in between (PRD-7)."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from products.inventory.services import resume_product, suspend_product, terminate_product
from products.provisioning import periodic
from products.provisioning.local import LocalDriver
from products.provisioning.models import PlannedFault, Service
from products.provisioning.operations import LEASE, MAX_ATTEMPTS
from products.provisioning.periodic import drain_provisioning
from products.provisioning.protocol import Job, ProvisioningFailed
from products.provisioning.registry import driver_name_for, get_driver
from products.provisioning.selectors import list_quarantined
from products.provisioning.services import retry_service, want_service
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR, make_plan, make_product

AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
calls: list[tuple[str, int]] = []
# What happens once, after the driver has done its work and before its result is written.
interruptions: list[Callable[[], object]] = []


class RecordingDriver(LocalDriver):
    """The local driver, with a record of what it was asked."""

    def provision(self, job: Job) -> Mapping[str, Any]:
        """Record, then set up."""
        calls.append(("provision", job.product_id))
        data = super().provision(job)
        if interruptions:
            interruptions.pop()()
        return data

    def suspend(self, job: Job) -> Mapping[str, Any]:
        """Record, then suspend."""
        calls.append(("suspend", job.product_id))
        return super().suspend(job)


class RefusingDriver(LocalDriver):
    """A driver that knows at once that trying again is of no use."""

    def provision(self, job: Job) -> Mapping[str, Any]:
        """Refuse for good."""
        raise ProvisioningFailed("The name is not allowed.", is_final=True)


@pytest.fixture(autouse=True)
def _recording(settings: Any) -> None:
    calls.clear()
    interruptions.clear()
    settings.PROVISIONING_DRIVERS = {
        "local": f"{__name__}.RecordingDriver",
        "refusing": f"{__name__}.RefusingDriver",
    }


def make_running(at: datetime = AT) -> Product:
    product = make_product(make_tenant(), at=at)
    drain_outbox(at=at)
    return product


def service_of(product: Product) -> Service:
    return Service.objects.using("system").get(product_id=product.pk)


def test_a_paid_product_is_set_up() -> None:
    """PRD-7: by the event of its activation; once, also when everything runs again."""
    product = make_running()
    assert service_of(product).state == "absent"
    assert drain_provisioning(at=AT) == 1
    assert drain_provisioning(at=AT) == 0
    service = service_of(product)
    assert (service.state, service.due_at, service.attempts) == ("running", None, 0)
    assert service.data["account"] == f"hosting-{product.pk}"
    assert calls == [("provision", product.pk)]


def test_follows_the_products_life() -> None:
    """PRD-8: suspended keeps everything, resumed is the same service, terminated leaves nothing."""
    product = make_running()
    drain_provisioning(at=AT)
    details = service_of(product).data
    seen = []
    for verb in (suspend_product, resume_product, terminate_product):
        with tenant_scope(product.organization_id):
            verb(product=product, actor=ACTOR, at=AT)
        drain_outbox(at=AT)
        drain_provisioning(at=AT)
        seen.append((service_of(product).state, service_of(product).data))
    assert seen == [("suspended", {**details, "power": "off"}), ("running", details), ("gone", {})]


def test_goes_straight_to_what_is_wanted_last() -> None:
    """PRD-8: events that arrive late or together ask for the product's present state."""
    product = make_product(make_tenant(), at=AT)
    with tenant_scope(product.organization_id):
        suspend_product(product=product, actor=ACTOR, at=AT)
    drain_outbox(at=AT)
    drain_provisioning(at=AT)
    assert service_of(product).state == "suspended"
    assert [operation for operation, _ in calls] == ["provision", "suspend"]


def test_a_failure_is_tried_again_and_the_product_stays_paid() -> None:
    """PRD-7: active from the moment of payment; what fails is set up later, and never undoes it."""
    product = make_running()
    PlannedFault.objects.create(operation="provision", remaining=2, message="The rack is on fire.")
    assert drain_provisioning(at=AT) == 0
    service = service_of(product)
    assert (service.state, service.attempts) == ("absent", 1)
    assert "The rack is on fire." in service.last_error
    assert Product.objects.using("system").get(pk=product.pk).status == "active"
    assert drain_provisioning(at=AT) == 0
    later = service.due_at
    assert drain_provisioning(at=later) == 0
    assert service_of(product).due_at - later > later - AT
    assert drain_provisioning(at=service_of(product).due_at) == 1
    assert (service_of(product).state, service_of(product).last_error) == ("running", "")


def test_goes_to_the_quarantine_after_eight_failures_until_staff_retry() -> None:
    """PRD-7: staff see it with its last error; a retry begins anew and is in the audit log."""
    product = make_running()
    PlannedFault.objects.create(remaining=MAX_ATTEMPTS, message="No space left.")
    at = AT
    for _ in range(MAX_ATTEMPTS):
        drain_provisioning(at=at)
        at = service_of(product).due_at or at
    service = service_of(product)
    assert (service.due_at, service.quarantined_at is not None) == (None, True)
    assert [row.pk for row in list_quarantined()] == [service.pk]
    assert drain_provisioning(at=at + timedelta(days=30)) == 0
    with tenant_scope(product.organization_id):
        retry_service(service=service, actor=Actor.system("staff"), at=at)
        assert AuditEvent.objects.filter(name="service.retried").count() == 1
    assert drain_provisioning(at=at) == 1
    assert (service_of(product).state, list(list_quarantined())) == ("running", [])


def test_a_final_refusal_goes_to_the_quarantine_at_once(settings: Any) -> None:
    """PRD-7: what cannot succeed is not repeated."""
    settings.PROVISIONING_KINDS = {"*": "local", "picky": "refusing"}
    plan = make_plan(kind="picky")
    product = make_product(make_tenant(), plan=plan, at=AT)
    drain_outbox(at=AT)
    drain_provisioning(at=AT)
    service = service_of(product)
    assert (service.driver, service.quarantined_at, service.attempts) == ("refusing", AT, 1)


def test_a_worker_that_dies_leaves_its_work_to_the_next_one() -> None:
    """PRD-7: the driver had succeeded, the result was lost: it is asked again and returns the same."""
    product = make_running()
    interruptions.append(sys.exit)
    with pytest.raises(SystemExit):
        drain_provisioning(at=AT)
    assert service_of(product).state == "absent"
    assert drain_provisioning(at=AT) == 0
    assert drain_provisioning(at=AT + LEASE) == 1
    assert calls == [("provision", product.pk)] * 2
    assert service_of(product).state == "running"


def test_a_worker_that_ends_late_does_not_write_over_what_is_wanted_now() -> None:
    """PRD-7: its fence is old; what was wanted meanwhile is done after all."""
    product = make_running()

    def suspend_meanwhile() -> None:
        want_service(
            organization_id=product.organization_id,
            product_id=product.pk,
            kind="hosting",
            wanted="suspended",
            at=AT,
        )

    interruptions.append(suspend_meanwhile)
    drain_provisioning(at=AT)
    service = service_of(product)
    assert (service.state, service.wanted, service.due_at) == ("suspended", "suspended", None)
    assert [operation for operation, _ in calls] == ["provision", "provision", "suspend"]


def test_wanting_back_while_a_worker_is_at_it_says_it_to_the_driver_again() -> None:
    """PRD-8: suspended and paid at the same moment, the service must run in the end."""
    product = make_running()
    drain_provisioning(at=AT)
    with tenant_scope(product.organization_id):
        for wanted in ("suspended", "running"):
            want_service(
                organization_id=product.organization_id,
                product_id=product.pk,
                kind="hosting",
                wanted=wanted,
                at=AT,
            )
            if wanted == "suspended":
                assert periodic._take(AT) != []
    drain_provisioning(at=AT)
    service = service_of(product)
    assert (service.state, service.data["power"], service.due_at) == ("running", "on", None)


def test_four_workers_do_each_service_once() -> None:
    """PRD-7: any number at once."""
    organization = make_tenant()
    products = [make_product(organization, at=AT) for _ in range(30)]
    drain_outbox(at=AT)
    start = Barrier(4)

    def run() -> None:
        start.wait()
        drain_provisioning(at=AT)
        connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(calls) == sorted(("provision", product.pk) for product in products)
    assert not Service.objects.using("system").exclude(state="running").exists()


def test_an_unknown_driver_is_named() -> None:
    """PRD-7: settings that name no driver fail loudly."""
    assert driver_name_for("anything") == "local"
    with pytest.raises(LookupError, match="nobody"):
        get_driver("nobody")


def test_the_local_driver_tells_of_planned_failures() -> None:
    """PRD-7: staff see why the demonstration fails."""
    assert LocalDriver().health().is_well
    PlannedFault.objects.create(message="Broken.")
    assert LocalDriver().health().details == "1 planned failures"
