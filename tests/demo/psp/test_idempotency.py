"""Idempotency keys of the sandbox behave as Stripe's do (BIL-16)."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest

from manager.demo.provider.store import Store
from manager.demo.psp import idempotency
from manager.demo.psp.idempotency import KeyRing
from manager.demo.psp.problems import ApiProblem
from manager.demo.psp.testing import SandboxProcess


def charge(sandbox: SandboxProcess, key: str, **change: str) -> tuple[int, dict[str, str], Any]:
    """Charge 20.00 with a test card that pays."""
    fields = {
        "amount": "2000",
        "currency": "chf",
        "payment_method": "pm_card_visa",
        "confirm": "true",
        "return_url": "https://panel.test/",
        **change,
    }
    status, headers, text = sandbox.exchange(
        "POST", f"{sandbox.url}/v1/payment_intents", urlencode(fields), {"Idempotency-Key": key}
    )
    return status, headers, json.loads(text)


def test_repeats_the_same_answer(sandbox: SandboxProcess) -> None:
    _, first_headers, first = charge(sandbox, "key-1")
    status, headers, again = charge(sandbox, "key-1")
    assert (status, again) == (200, first)
    assert headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first_headers
    assert len(sandbox.charges()) == 1


def test_repeats_a_decline_as_well(sandbox: SandboxProcess) -> None:
    first = charge(sandbox, "key-1", payment_method="pm_card_chargeDeclined")
    again = charge(sandbox, "key-1", payment_method="pm_card_chargeDeclined")
    assert first[0] == again[0] == 402
    assert first[2] == again[2]
    assert len(sandbox.journal("charge")) == 1


def test_charges_again_with_another_key(sandbox: SandboxProcess) -> None:
    charge(sandbox, "key-1")
    charge(sandbox, "key-2")
    assert [entry["idempotency_key"] for entry in sandbox.charges()] == ["key-1", "key-2"]


def test_refuses_a_key_with_another_body(sandbox: SandboxProcess) -> None:
    charge(sandbox, "key-1")
    status, _, body = charge(sandbox, "key-1", amount="3000")
    assert status == 400
    assert body["error"]["type"] == "idempotency_error"
    assert len(sandbox.charges()) == 1


def test_refuses_a_key_at_another_address(sandbox: SandboxProcess) -> None:
    _, _, intent = charge(sandbox, "key-1")
    status, _, text = sandbox.exchange(
        "POST",
        f"{sandbox.url}/v1/refunds",
        urlencode({"payment_intent": intent["id"]}),
        {"Idempotency-Key": "key-1"},
    )
    assert status == 400, text
    assert sandbox.journal("refund") == []


def test_answers_409_while_the_first_request_runs(sandbox: SandboxProcess) -> None:
    sandbox.faults({"kind": "delay", "match": {"path": "/v1/payment_intents"}, "ms": 700})
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(charge, sandbox, "key-1")
        while not sandbox.get("/_faults")["faults"][0]["taken"]:
            pass
        status, _, body = charge(sandbox, "key-1")
        assert slow.result()[0] == 200
    assert status == 409
    assert body["error"]["code"] == "idempotency_key_in_use"
    assert charge(sandbox, "key-1")[1]["idempotent-replayed"] == "true"


def test_charges_once_for_fifty_at_the_same_time(sandbox: SandboxProcess) -> None:
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: charge(sandbox, "key-1"), range(50)))
    assert {status for status, _, _ in answers} <= {200, 409}
    assert len({body["id"] for status, _, body in answers if status == 200}) == 1
    assert len(sandbox.charges()) == 1


def test_a_refused_request_does_not_use_up_its_key(sandbox: SandboxProcess) -> None:
    assert charge(sandbox, "key-1", unheard_of="1")[0] == 400
    assert charge(sandbox, "key-1")[0] == 200


def test_remembers_keys_over_a_power_cut(sandbox: SandboxProcess) -> None:
    _, _, first = charge(sandbox, "key-1")
    sandbox.restart()
    _, headers, again = charge(sandbox, "key-1")
    assert (again, headers["idempotent-replayed"]) == (first, "true")
    assert len(sandbox.charges()) == 1


class TestKeyRing:
    """The keys by themselves, where time has to pass."""

    def test_forgets_a_key_after_a_day(self, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        keys = KeyRing(Store(tmp_path / "psp.sqlite3"))
        assert keys.begin("key-1", "body") is None
        keys.finish("key-1", status=200, body={"id": "pi_1"})
        known = keys.begin("key-1", "body")
        assert known is not None
        assert known["body"] == {"id": "pi_1"}
        later = known["created"] + idempotency.LIFETIME_SECONDS + 1
        monkeypatch.setattr(idempotency.time, "time", lambda: later)
        assert keys.begin("key-1", "another body") is None

    def test_refuses_a_key_that_is_too_long(self, tmp_path: Any) -> None:
        with pytest.raises(ApiProblem):
            KeyRing(Store(tmp_path / "psp.sqlite3")).begin("k" * 256, "body")
