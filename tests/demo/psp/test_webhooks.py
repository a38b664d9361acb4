"""Webhooks of the sandbox: signed, retried; duplicated, shuffled or lost when asked to (INC-22, INC-23)."""

from urllib.parse import urlencode

from stripe import WebhookSignature

from manager.demo.psp.testing import SandboxProcess
from tests.fixtures.sandbox import Listener, wait_until_delivered

SECRET = "whsec_sandbox"


def charge(sandbox: SandboxProcess, attempt: str = "1") -> str:
    """Charge 20.00 and return the intent."""
    return str(
        sandbox.api(
            "/v1/payment_intents",
            {
                "amount": "2000",
                "currency": "chf",
                "payment_method": "pm_card_visa",
                "confirm": "true",
                "return_url": "https://panel.test/",
                "metadata[attempt]": attempt,
            },
        )["id"]
    )


def test_signs_each_event(sandbox: SandboxProcess, listener: Listener) -> None:
    intent = charge(sandbox)
    event = listener.wait_for_type("payment_intent.succeeded")
    assert event["data"]["object"]["id"] == intent
    assert event["data"]["object"]["metadata"] == {"attempt": "1"}
    assert event["api_version"] == "2026-10-28.endive"
    for signature, body in listener.hits:
        assert WebhookSignature.verify_header(body, signature, SECRET, 300)


def test_shows_nothing_of_its_own_business(sandbox: SandboxProcess, listener: Listener) -> None:
    charge(sandbox)
    listener.wait_for(2)
    assert all(b'"_' not in body for _, body in listener.hits)


def test_tries_again_with_growing_pauses(sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.faults({"kind": "webhook_drop", "match": {"type": "charge.*"}, "times": None})
    listener.refuse = 3
    charge(sandbox)
    listener.wait_for(1)
    assert len(listener.attempts) == 4
    pauses = [later - before for before, later in zip(listener.attempts, listener.attempts[1:], strict=False)]
    assert pauses[0] >= 0.19
    assert pauses[1] >= 0.39
    assert pauses[2] >= 0.79


def test_delivers_after_a_power_cut(sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.webhook_url = listener.url
    listener.refuse = 1_000_000
    charge(sandbox)
    sandbox.restart()
    listener.refuse = 0
    assert listener.wait_for_type("payment_intent.succeeded")
    sandbox.webhook_url = ""


def test_duplicates(sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.faults({"kind": "webhook_duplicate", "match": {"type": "payment_intent.*"}, "times": None})
    charge(sandbox)
    listener.wait_for(3)
    assert listener.types.count("payment_intent.succeeded") == 2
    assert len({event["id"] for event in listener.events if event["type"].startswith("payment_")}) == 1


def test_shuffles(sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.faults(
        {"kind": "webhook_drop", "match": {"type": "charge.*"}, "times": None},
        {"kind": "webhook_shuffle", "times": None, "ms": 800},
    )
    intents = [charge(sandbox) for _ in range(12)]
    arrived = [event["data"]["object"]["id"] for event in listener.wait_for(12)]
    assert sorted(arrived) == sorted(intents)
    assert arrived != intents


def test_drops_but_keeps_the_event(sandbox: SandboxProcess, listener: Listener) -> None:
    sandbox.faults({"kind": "webhook_drop", "match": {"type": "payment_intent.succeeded"}})
    intent = charge(sandbox)
    listener.wait_for_type("charge.succeeded")
    wait_until_delivered(sandbox)
    assert "payment_intent.succeeded" not in listener.types
    query = urlencode({"type": "payment_intent.succeeded"})
    listed = sandbox.get(f"/v1/events?{query}")["data"]
    assert [event["data"]["object"]["id"] for event in listed] == [intent]


def test_tells_each_step_of_a_checkout(sandbox: SandboxProcess, listener: Listener) -> None:
    customer = sandbox.api("/v1/customers", {})["id"]
    session = sandbox.api(
        "/v1/checkout/sessions",
        {
            "mode": "payment",
            "customer": customer,
            "success_url": "https://panel.test/ok",
            "cancel_url": "https://panel.test/no",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "chf",
            "line_items[0][price_data][unit_amount]": "2000",
            "line_items[0][price_data][product_data][name]": "Hosting",
        },
    )
    sandbox.pay_checkout(session["url"], card="4000002760003184")
    listener.wait_for_type("checkout.session.completed")
    wait_until_delivered(sandbox)
    wanted = {"payment_intent.requires_action", "payment_intent.succeeded", "checkout.session.completed"}
    assert wanted <= set(listener.types)


def test_tells_of_refunds_means_and_closed_charges(sandbox: SandboxProcess, listener: Listener) -> None:
    customer = sandbox.api("/v1/customers", {})["id"]
    means = sandbox.save_card(customer)
    intent = charge(sandbox)
    sandbox.api("/v1/refunds", {"payment_intent": intent, "amount": "500"})
    sandbox.set_means(means, exp_month=1, exp_year=2031)
    sandbox.api(f"/v1/payment_methods/{means}/detach", {})
    waiting = sandbox.api("/v1/payment_intents", {"amount": "900", "currency": "chf"})
    sandbox.api(f"/v1/payment_intents/{waiting['id']}/cancel", {})
    for kind in (
        "setup_intent.succeeded",
        "charge.refunded",
        "payment_method.automatically_updated",
        "payment_method.detached",
        "payment_intent.canceled",
    ):
        assert listener.wait_for_type(kind)
