"""Each fault of the plan does what it says, as often as it says (BIL-16)."""

import http.client
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from manager.demo.psp.testing import SandboxProcess

CHARGE = {
    "amount": "2000",
    "currency": "chf",
    "payment_method": "pm_card_visa",
    "confirm": "true",
    "return_url": "https://panel.test/",
}
LOST = (http.client.HTTPException, OSError)


def charge(sandbox: SandboxProcess, key: str = "key-1") -> tuple[int, dict[str, Any]]:
    """Charge 20.00 with a test card that pays."""
    status, _, text = sandbox.exchange(
        "POST", f"{sandbox.url}/v1/payment_intents", urlencode(CHARGE), {"Idempotency-Key": key}
    )
    return status, json.loads(text)


def fault(kind: str, **more: Any) -> dict[str, Any]:
    """Return one entry of a plan, for charges."""
    return {"kind": kind, "match": {"method": "POST", "path": "/v1/payment_intents"}, **more}


def test_loses_the_answer_after_success(sandbox: SandboxProcess) -> None:
    sandbox.faults(fault("answer_lost_after_success"))
    with pytest.raises(LOST):
        charge(sandbox)
    assert len(sandbox.charges()) == 1
    assert charge(sandbox)[0] == 200
    assert len(sandbox.charges()) == 1


def test_times_out_before_anything_is_done(sandbox: SandboxProcess) -> None:
    sandbox.faults(fault("timeout_before", ms=300))
    began = time.monotonic()
    with pytest.raises(LOST):
        charge(sandbox)
    assert time.monotonic() - began >= 0.3
    assert sandbox.charges() == []
    assert charge(sandbox)[0] == 200


def test_fails_after_success_and_repeats_the_failure(sandbox: SandboxProcess) -> None:
    """Stripe keeps the 500 with the key: only looking for the charge tells the truth."""
    sandbox.faults(fault("error_500_after_success"))
    assert charge(sandbox)[0] == 500
    assert charge(sandbox)[0] == 500
    assert len(sandbox.charges()) == 1


def test_fails_before_anything_is_done(sandbox: SandboxProcess) -> None:
    sandbox.faults(fault("error_500_before"))
    assert charge(sandbox)[0] == 500
    assert sandbox.charges() == []
    assert charge(sandbox)[0] == 200


def test_delays(sandbox: SandboxProcess) -> None:
    sandbox.faults(fault("delay", ms=300))
    began = time.monotonic()
    assert charge(sandbox)[0] == 200
    assert time.monotonic() - began >= 0.3


def test_limits_the_rate(sandbox: SandboxProcess) -> None:
    sandbox.faults(fault("rate_limited"))
    status, body = charge(sandbox)
    assert (status, body["error"]["code"]) == (429, "rate_limit")
    assert sandbox.charges() == []


def test_limits_to_a_number_per_second(sandbox: SandboxProcess) -> None:
    sandbox.faults(fault("rate_limited", per_second=5, times=None))
    statuses = [charge(sandbox, f"key-{number}")[0] for number in range(8)]
    assert statuses[:5] == [200] * 5
    assert 429 in statuses[5:]


def test_skips_and_counts(sandbox: SandboxProcess) -> None:
    sandbox.faults(fault("error_500_before", skip=1, times=2))
    statuses = [charge(sandbox, f"key-{number}")[0] for number in range(5)]
    assert statuses == [200, 500, 500, 200, 200]
    assert sandbox.get("/_faults")["faults"][0]["taken"] == 2


def test_hits_only_what_matches(sandbox: SandboxProcess) -> None:
    sandbox.faults({"kind": "error_500_before", "match": {"path": "/v1/refunds*"}, "times": None})
    assert charge(sandbox)[0] == 200


def test_a_share_of_requests_fails_the_same_each_time(sandbox: SandboxProcess) -> None:
    def run() -> list[int]:
        sandbox.reset()
        sandbox.faults(fault("error_500_before", times=None, probability=0.5, seed=7))
        return [charge(sandbox, f"key-{number}")[0] for number in range(20)]

    first = run()
    assert set(first) == {200, 500}
    assert run() == first


@pytest.mark.parametrize(
    "plan", [{}, [{"kind": "unheard_of"}], [{"kind": "delay", "surprise": 1}], ["delay"], [{}]]
)
def test_refuses_a_plan_that_makes_no_sense(sandbox: SandboxProcess, plan: Any) -> None:
    status, _, _ = sandbox.exchange("POST", f"{sandbox.url}/_faults", json.dumps(plan))
    assert status == 400
