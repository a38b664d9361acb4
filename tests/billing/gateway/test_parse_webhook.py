"""Webhooks: only signed and recent ones are read (INC-22), whatever they contain."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from stripe import WebhookSignature

from billing.gateway.errors import WebhookSignatureInvalid, WebhookUnreadable
from billing.gateway.protocol import ChargeState, EventKind, GatewayEvent
from billing.gateway.stripe.driver import StripeGateway
from billing.gateway.stripe.webhook import KINDS
from manager.demo.psp.webhooks import sign
from manager.kit.money import Money
from tests.billing.gateway.conftest import Desk
from tests.fixtures.sandbox import Listener, wait_until_delivered

SECRET = "whsec_sandbox"
PAYLOAD = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": 1_790_000_000,
        "api_version": "2026-10-28.endive",
        "data": {
            "object": {
                "id": "pi_1",
                "object": "payment_intent",
                "status": "succeeded",
                "amount": 2000,
                "amount_received": 1500,
                "currency": "chf",
                "payment_method": "pm_1",
                "metadata": {"attempt": "7"},
            }
        },
    }
).encode()


def now() -> int:
    return int(time.time())


def test_reads_a_signed_event(gateway: StripeGateway) -> None:
    signature = WebhookSignature.generate_signature_header(PAYLOAD.decode(), SECRET)
    assert gateway.parse_webhook(payload=PAYLOAD, signature=signature) == GatewayEvent(
        id="evt_1",
        kind=EventKind.CHARGE_SUCCEEDED,
        type="payment_intent.succeeded",
        created=datetime.fromtimestamp(1_790_000_000, tz=UTC),
        reference="pi_1",
        api_version="2026-10-28.endive",
        charge_reference="pi_1",
        means_reference="pm_1",
        metadata={"attempt": "7"},
        amount=Money(1500, "CHF"),
        state=ChargeState.SUCCEEDED,
    )


# Signed when the test runs: what is collected minutes before would be refused for its age alone.
@pytest.mark.parametrize(
    "signed",
    [
        lambda now: "",
        lambda now: "nonsense",
        lambda now: "t=,v1=",
        lambda now: f"t={now}",
        lambda now: f"t={now},v1=",
        lambda now: f"t={now},v1={'0' * 64}",
        lambda now: f"t={now},v1=ü",
        lambda now: f"t={'9' * 5000},v1=00",
        lambda now: sign(PAYLOAD, secret="whsec_other", at=now),
        lambda now: sign(PAYLOAD, secret="", at=now),
        lambda now: sign(PAYLOAD + b" ", secret=SECRET, at=now),
        lambda now: sign(PAYLOAD, secret=SECRET, at=now - 301),
        lambda now: sign(PAYLOAD, secret=SECRET, at=now).replace("v1=", "v0="),
        lambda now: sign(PAYLOAD, secret=SECRET, at=now).replace("t=", "t=1"),
    ],
    ids=range(14),
)
def test_refuses_what_is_not_signed_now_and_by_us(
    gateway: StripeGateway, signed: Callable[[int], str]
) -> None:
    signature = signed(int(time.time()))
    with pytest.raises(WebhookSignatureInvalid) as caught:
        gateway.parse_webhook(payload=PAYLOAD, signature=signature)
    assert (caught.value.status, caught.value.code) == (400, "webhook_signature_invalid")


def test_takes_a_signature_of_nearly_five_minutes_ago(gateway: StripeGateway) -> None:
    assert gateway.parse_webhook(payload=PAYLOAD, signature=sign(PAYLOAD, secret=SECRET, at=now() - 290))


@pytest.mark.parametrize("secret", ["", " ", ",", " , "])
def test_without_a_secret_nothing_is_accepted(gateway: StripeGateway, secret: str) -> None:
    """A missing setting is no open door."""
    open_door = StripeGateway(name="stripe", options=replace(gateway.options, webhook_secret=secret))
    for key in (secret, "", secret.strip()):
        with pytest.raises(WebhookSignatureInvalid):
            open_door.parse_webhook(payload=PAYLOAD, signature=sign(PAYLOAD, secret=key, at=now()))


def test_takes_the_old_and_the_new_secret_while_one_replaces_the_other(gateway: StripeGateway) -> None:
    both = StripeGateway(
        name="stripe", options=replace(gateway.options, webhook_secret="whsec_new, whsec_old")
    )
    for secret in ("whsec_new", "whsec_old"):
        assert both.parse_webhook(payload=PAYLOAD, signature=sign(PAYLOAD, secret=secret, at=now()))
    with pytest.raises(WebhookSignatureInvalid):
        both.parse_webhook(payload=PAYLOAD, signature=sign(PAYLOAD, secret=SECRET, at=now()))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"not json",
        b'{"id":"e","type":"x","created":1}',
        b'{"id":"e","type":"x","created":1,"data":{"object":null}}',
        b'{"id":"e","type":"x","created":1e300,"data":{"object":{}}}',
        b'{"id":5,"type":"x","created":1,"data":{"object":{}}}',
        b'{"id":"e","type":[],"created":1,"data":{"object":{}}}',
        b'{"id":"e","type":"x","created":"now","data":{"object":{}}}',
        b'{"id":"e","type":"x","created":1,"data":{"object":{"metadata":"no"}}}',
        b'{"id":"e","type":"x","created":1,"data":{"object":{"object":"refund","amount":1.5,"currency":"chf"}}}',
        b"[" * 100_000,
    ],
)
def test_says_what_cannot_be_read(gateway: StripeGateway, payload: bytes) -> None:
    with pytest.raises(WebhookUnreadable) as caught:
        gateway.parse_webhook(payload=payload, signature=sign(payload, secret=SECRET, at=now()))
    assert caught.value.status == 400


def test_bytes_that_are_no_text_are_not_signed(gateway: StripeGateway) -> None:
    payload = b"\xff\xfe{}"
    with pytest.raises(WebhookSignatureInvalid):
        gateway.parse_webhook(payload=payload, signature=sign(payload, secret=SECRET, at=now()))


def test_an_event_of_no_interest_is_other(gateway: StripeGateway) -> None:
    payload = PAYLOAD.replace(b"payment_intent.succeeded", b"customer.created")
    event = gateway.parse_webhook(payload=payload, signature=sign(payload, secret=SECRET, at=now()))
    assert (event.kind, event.type) == (EventKind.OTHER, "customer.created")


class TestFromTheSandbox:
    """What the provider really sends is read, and leads to the row."""

    def events(self, desk: Desk, listener: Listener, wanted: str) -> list[GatewayEvent]:
        listener.wait_for_type(wanted)
        wait_until_delivered(desk.sandbox)  # others may arrive after it
        return [
            desk.gateway.parse_webhook(payload=body, signature=signature) for signature, body in listener.hits
        ]

    def first(self, events: list[GatewayEvent], kind: EventKind) -> GatewayEvent:
        return next(event for event in events if event.kind is kind)

    def test_a_charge(self, desk: Desk, listener: Listener) -> None:
        result = desk.charge(desk.save_card(), charge=desk.intent(attempt_id=31))
        event = self.first(
            self.events(desk, listener, "payment_intent.succeeded"), EventKind.CHARGE_SUCCEEDED
        )
        assert (event.reference, event.metadata["attempt"]) == (result.reference, "31")
        assert (event.amount, event.state) == (Money(2000, "CHF"), ChargeState.SUCCEEDED)

    def test_a_decline(self, desk: Desk, listener: Listener) -> None:
        means = desk.save_card("pm_card_chargeCustomerFail")
        desk.charge(means, charge=desk.intent(attempt_id=31))
        event = self.first(
            self.events(desk, listener, "payment_intent.payment_failed"), EventKind.CHARGE_FAILED
        )
        assert event.metadata["attempt"] == "31"

    def test_a_checkout(self, desk: Desk, listener: Listener) -> None:
        start = desk.checkout(charge=desk.intent(attempt_id=31))
        desk.sandbox.pay_checkout(start.redirect_url, method="paypal")
        events = self.events(desk, listener, "checkout.session.completed")
        event = self.first(events, EventKind.CHECKOUT_COMPLETED)
        assert (event.reference, event.metadata["attempt"]) == (start.reference, "31")
        assert event.charge_reference == self.first(events, EventKind.CHARGE_SUCCEEDED).reference

    def test_a_checkout_that_expired(self, desk: Desk, listener: Listener) -> None:
        start = desk.checkout()
        desk.gateway.cancel(reference=start.reference, idempotency_key=desk.key())
        events = self.events(desk, listener, "checkout.session.expired")
        assert self.first(events, EventKind.CHECKOUT_EXPIRED).reference == start.reference

    def test_a_saved_means_is_told_apart_from_a_payment(self, desk: Desk, listener: Listener) -> None:
        start = desk.setup(origin=desk.origin(31))
        desk.sandbox.pay_checkout(start.redirect_url)
        events = self.events(desk, listener, "checkout.session.completed")
        assert self.first(events, EventKind.SETUP_COMPLETED).metadata["attempt"] == "31"
        assert self.first(events, EventKind.MEANS_SAVED).means_reference.startswith("pm_")
        assert EventKind.CHECKOUT_COMPLETED not in {event.kind for event in events}

    def test_a_refund(self, desk: Desk, listener: Listener) -> None:
        paid = desk.charge(desk.save_card())
        desk.gateway.refund(
            charge_reference=paid.charge_reference,
            amount=Money(500, "CHF"),
            origin=desk.origin(),
            idempotency_key=desk.key(),
        )
        event = self.first(self.events(desk, listener, "charge.refunded"), EventKind.CHARGE_REFUNDED)
        assert (event.charge_reference, event.amount) == (paid.charge_reference, Money(500, "CHF"))

    def test_an_updated_and_a_removed_means(self, desk: Desk, listener: Listener) -> None:
        means = desk.save_card()
        desk.sandbox.set_means(means, exp_month=1, exp_year=2035)
        desk.gateway.detach_means(means_reference=means, idempotency_key=desk.key())
        events = self.events(desk, listener, "payment_method.detached")
        for kind in (EventKind.MEANS_UPDATED, EventKind.MEANS_REMOVED):
            assert self.first(events, kind).means_reference == means


def test_each_kind_comes_from_somewhere() -> None:
    """A kind that nothing produces would be a handler that never runs."""
    produced: set[Any] = set(KINDS.values())
    from billing.gateway.stripe.webhook import SESSION_KINDS

    assert produced | set(SESSION_KINDS.values()) | {EventKind.OTHER} == set(EventKind)
