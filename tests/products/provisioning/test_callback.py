"""Call-backs of machines: duplicate, late, forged, played again (PRD-7, INC-22, INC-23)."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import requests
from django.db import connections
from django.test import Client
from pytest_django import Settings

from manager.demo.machines.server import Machines
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from products.provisioning.operations import MAX_ATTEMPTS
from products.provisioning.periodic import drain_provisioning
from products.provisioning.services import want_service
from products.provisioning.signing import sign
from tests.factories.services import ask, make_served, reread_action, service_of
from tests.fixtures.http import Site
from tests.products.provisioning.conftest import OLD_SECRET, SECRET

AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
PATH = "/webhooks/provisioning/machines/"


def test_a_product_is_set_up_over_a_real_connection(machines: Machines) -> None:
    """PRD-7: the request names the product and its offer; what the machines answer is remembered."""
    product = make_served(at=AT)
    service = service_of(product)
    assert (service.state, service.due_at, service.data["power"]) == ("running", None, "on")
    (call,) = machines.calls
    assert (call["operation"], call["product"]["id"], call["product"]["quantity"]) == (
        "provision",
        product.pk,
        1,
    )
    assert call["callback"].endswith(PATH)


def test_what_is_accepted_is_done_when_the_machines_call_back(machines: Machines) -> None:
    """PRD-7: 202 waits for the call-back; a second one changes nothing (INC-23)."""
    machines.accepts = True
    product = make_served(at=AT)
    waiting = service_of(product)
    assert (waiting.state, waiting.accepted_at, waiting.due_at) == ("absent", AT, AT + timedelta(minutes=10))
    assert drain_provisioning(at=AT + timedelta(minutes=9)) == 0
    key = machines.calls[0]["key"]
    assert machines.call_back(key) == (200, {"received": True, "applied": True})
    done = service_of(product)
    assert (done.state, done.due_at, done.accepted_at) == ("running", None, None)
    assert machines.call_back(key, data={"power": "stolen"}) == (200, {"received": True, "applied": False})
    assert service_of(product).data["power"] == "on"


def test_without_a_call_back_the_same_is_asked_again_and_then_staff(machines: Machines) -> None:
    """PRD-7: silence is no success: eight times, then the quarantine; a late word still ends it."""
    machines.accepts = True
    product = make_served(at=AT)
    for _ in range(MAX_ATTEMPTS - 1):
        drain_provisioning(at=service_of(product).due_at)
    assert {call["key"] for call in machines.calls} == {machines.calls[0]["key"]}
    drain_provisioning(at=service_of(product).due_at)
    assert service_of(product).quarantined_at is not None
    assert len(machines.calls) == MAX_ATTEMPTS
    assert machines.call_back(machines.calls[0]["key"])[1]["applied"]
    assert (service_of(product).state, service_of(product).quarantined_at) == ("running", None)


def test_a_failure_told_by_call_back_is_tried_under_another_key(machines: Machines) -> None:
    """PRD-7: the old call is over; its call-back played again is not counted as another failure."""
    machines.accepts = True
    product = make_served(at=AT)
    first = machines.calls[0]["key"]
    assert machines.call_back(first, status="failed", error="No disk.")[1]["applied"]
    failed = service_of(product)
    assert (failed.state, failed.attempts, "No disk." in failed.last_error) == ("absent", 1, True)
    assert not machines.call_back(first, status="failed", error="No disk.")[1]["applied"]
    assert not machines.call_back(first)[1]["applied"]
    drain_provisioning(at=failed.due_at)
    assert machines.calls[1]["key"] != first
    assert machines.call_back(machines.calls[1]["key"], status="failed", error="None.", final=True)[1][
        "applied"
    ]
    assert service_of(product).quarantined_at is not None


def test_a_late_call_back_does_not_speak_for_what_is_wanted_now(machines: Machines) -> None:
    """PRD-8: suspended meanwhile: the word about the set-up is too late, it ends suspended."""
    machines.accepts = True
    product = make_served(at=AT)
    late = machines.calls[0]["key"]
    with tenant_scope(product.organization_id):
        want_service(
            organization_id=product.organization_id,
            product_id=product.pk,
            kind="nas",
            wanted="suspended",
            at=AT,
        )
    assert not machines.call_back(late)[1]["applied"]
    for operation in ("provision", "suspend"):
        drain_provisioning(at=service_of(product).due_at)
        assert machines.calls[-1]["operation"] == operation
        assert machines.call_back(machines.calls[-1]["key"])[1]["applied"]
    assert (service_of(product).state, service_of(product).data["power"]) == ("suspended", "off")


def test_a_call_back_before_its_answer_is_the_last_word(machines: Machines, settings: Settings) -> None:
    """PRD-7: the machines are quicker than their own 202; the worker's word then comes too late."""
    machines.accepts = True
    taken = machines.take

    def take(message: dict[str, object]) -> tuple[int, bytes | None]:
        answer = taken(message)
        assert machines.call_back(str(message["key"]))[1]["applied"]
        return answer

    machines.take = take  # type: ignore[method-assign]
    service = service_of(make_served(at=AT))
    assert (service.state, service.due_at, service.accepted_at) == ("running", None, None)


def test_of_many_call_backs_at_once_one_counts(machines: Machines) -> None:
    """INC-23: duplicates that arrive together."""
    machines.accepts = True
    product = make_served(at=AT)
    key, start, answers = machines.calls[0]["key"], Barrier(6), []

    def send() -> None:
        start.wait()
        answers.append(machines.call_back(key))
        connections.close_all()

    threads = [Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["applied"] for _status, answer in answers) == [False] * 5 + [True]
    assert service_of(product).serial == 2


def test_forged_old_and_foreign_call_backs_are_refused(machines: Machines, site: Site) -> None:
    """INC-22: another secret, another body, another address, an old time: 400, and nothing is done."""
    machines.accepts = True
    product = make_served(at=AT)
    key = machines.calls[0]["key"]
    refused = (400, {"received": False, "code": "callback_refused"})
    assert machines.call_back(key, secret="x" * 40) == refused
    assert machines.call_back(key, at=now() - timedelta(minutes=6)) == refused
    assert machines.call_back(key, at=now() + timedelta(minutes=6)) == refused
    body = b'{"key": "%s", "status": "done", "data": {}}' % key.encode()
    for path, sent in ((PATH, body + b" "), ("/webhooks/provisioning/other/", body)):
        headers = sign(secret=SECRET, path=path, body=body, at=now())
        assert requests.post(site.address(PATH), data=sent, headers=headers, timeout=60).status_code == 400
    assert requests.post(site.address(PATH), data=body, timeout=60).status_code == 400
    assert service_of(product).state == "absent"
    assert machines.call_back(key, secret=OLD_SECRET)[1]["applied"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b'{"key": 1, "status": "done"}',
        b'{"key": "x", "status": "maybe"}',
        b"[" * 9000,
    ],
    ids=["empty", "list", "torn", "null", "number", "status", "deep"],
)
def test_signed_nonsense_is_refused(machines: Machines, client: Client, body: bytes) -> None:
    """INC-22: 400, never a 500."""
    headers = sign(secret=SECRET, path=PATH, body=body, at=now())
    answer = client.post(PATH, body, content_type="application/json", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "key",
    [
        "",
        "service",
        "service.1.1.provision",
        "action.1.1.restart",
        "service.9999999999999999999.1.x",
        "a.b.c.d",
    ],
)
def test_a_call_back_for_nothing_changes_nothing(machines: Machines, client: Client, key: str) -> None:
    """INC-22: a key that names no call is read and left alone."""
    body = b'{"key": "%s", "status": "done", "data": {}}' % key.encode()
    headers = sign(secret=SECRET, path=PATH, body=body, at=now())
    answer = client.post(PATH, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["applied"]) == (200, False)


def test_only_drivers_that_call_back_have_a_door(machines: Machines, client: Client) -> None:
    """INC-22: 404 elsewhere, 405 to look, 413 for too much."""
    assert client.post("/webhooks/provisioning/local/", b"{}", content_type="a/b").status_code == 404
    assert client.post("/webhooks/provisioning/nobody/", b"{}", content_type="a/b").status_code == 404
    assert client.get(PATH).status_code == 405
    assert client.post(PATH, b" " * 300_000, content_type="a/b").status_code == 413


def test_what_cannot_be_kept_is_a_failure(machines: Machines) -> None:
    """INC-22: data that no database takes does not break the drain."""
    machines.accepts = True
    product = make_served(at=AT)
    status, _answer = machines.call_back(machines.calls[0]["key"], data={"name": "\x00"})
    assert status == 200
    assert (service_of(product).state, service_of(product).attempts) == ("absent", 1)
    assert "cannot be kept" in service_of(product).last_error


def test_a_driver_speaks_of_its_own_services_only(
    machines: Machines, settings: Settings, client: Client
) -> None:
    """INC-22: the machines of another driver, with their own secret, cannot end this one's call."""
    machines.accepts = True
    product = make_served(at=AT)
    other = {**settings.PROVISIONING_DRIVERS["machines"], "secrets": ["another-secret-of-other-machines-012"]}
    settings.PROVISIONING_DRIVERS = {**settings.PROVISIONING_DRIVERS, "other": other}
    path = "/webhooks/provisioning/other/"
    body = b'{"key": "%s", "status": "done", "data": {}}' % machines.calls[0]["key"].encode()
    headers = sign(secret=other["secrets"][0], path=path, body=body, at=now())
    answer = client.post(path, body, content_type="application/json", headers=headers)
    assert answer.json() == {"received": True, "applied": False}
    assert service_of(product).state == "absent"


def test_an_action_ends_by_call_back_once(machines: Machines) -> None:
    """PRD-13: under way until the machines say so; late and repeated words change nothing."""
    product = make_served(at=AT)
    machines.accepts = True
    action = ask(product, "restart", at=AT)
    drain_provisioning(at=AT)
    assert (reread_action(action).status, reread_action(action).accepted_at) == ("running", AT)
    key = machines.calls[-1]["key"]
    assert machines.call_back(key)[1]["applied"]
    assert reread_action(action).status == "done"
    assert not machines.call_back(key, status="failed", error="Late.")[1]["applied"]
    assert reread_action(action).status == "done"
    assert machines.performed == [(product.pk, "restart")]
