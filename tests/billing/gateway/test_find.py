"""When an answer is lost nobody says "failed": the provider is asked first (BIL-16)."""

from datetime import datetime
from typing import Any

import pytest

from billing.gateway.errors import GatewayUnavailable
from billing.gateway.protocol import ChargeState, RefundState
from billing.gateway.stripe.client import StripeOptions
from billing.gateway.stripe.driver import StripeGateway
from manager.kit.money import Money
from tests.billing.gateway.conftest import Desk
from tests.fixtures.waiting import wait_until


def fault(kind: str, path: str = "/v1/payment_intents", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "match": {"method": "POST", "path": path}, "ms": 4000, **more}


@pytest.mark.parametrize(
    ("kind", "trouble", "charged"),
    [
        ("answer_lost_after_success", "no_answer", True),
        ("error_500_after_success", "provider_error", True),
        ("delay", "no_answer", True),
        ("timeout_before", "no_answer", False),
        ("error_500_before", "provider_error", False),
        ("rate_limited", "rate_limited", False),
    ],
)
def test_a_lost_answer_is_unknown_until_found(
    desk: Desk, hour_ago: datetime, kind: str, trouble: str, charged: bool
) -> None:
    means, charge = desk.save_card(), desk.intent(attempt_id=77)
    desk.sandbox.faults(fault(kind))
    result = desk.charge(means, charge=charge, idempotency_key="row-77")
    assert (result.state, result.trouble) == (ChargeState.UNKNOWN, trouble)
    assert result.failure is None
    assert result.retry_after == (4 if kind == "rate_limited" else 0)
    wait_until_done(desk, charged=charged)

    found = desk.gateway.find(customer_reference=desk.customer, attempt_id=77, since=hour_ago)
    assert (found is not None) is charged
    if found is None:
        again = desk.charge(means, charge=charge, idempotency_key="row-77")
        assert again.state is ChargeState.SUCCEEDED
    else:
        assert (found.state, found.amount) == (ChargeState.SUCCEEDED, Money(2000, "CHF"))
    assert len(desk.sandbox.charges()) == 1


def wait_until_done(desk: Desk, *, charged: bool = True) -> None:
    """Let a delayed request end before the journal is read."""
    if charged:
        wait_until(desk.sandbox.charges)


def test_the_same_call_while_the_first_runs_is_unknown(desk: Desk) -> None:
    means, charge = desk.save_card(), desk.intent()
    desk.sandbox.faults(fault("delay"))
    assert desk.charge(means, charge=charge, idempotency_key="row").trouble == "no_answer"
    assert desk.charge(means, charge=charge, idempotency_key="row").trouble == "in_use"
    wait_until_done(desk)
    assert desk.charge(means, charge=charge, idempotency_key="row").state is ChargeState.SUCCEEDED
    assert len(desk.sandbox.charges()) == 1


class TestFind:
    """find looks at checkouts and charges of the customer."""

    def test_nothing_is_none(self, desk: Desk, hour_ago: datetime) -> None:
        assert desk.gateway.find(customer_reference=desk.customer, attempt_id=1, since=hour_ago) is None

    def test_finds_a_page_whose_address_was_lost(self, desk: Desk, hour_ago: datetime) -> None:
        start = desk.checkout(charge=desk.intent(attempt_id=5))
        found = desk.gateway.find(customer_reference=desk.customer, attempt_id=5, since=hour_ago)
        assert found is not None
        assert (found.reference, found.state) == (start.reference, ChargeState.REQUIRES_ACTION)
        assert found.action_url == start.redirect_url

    def test_a_page_and_its_charge_are_one(self, desk: Desk, hour_ago: datetime) -> None:
        start = desk.checkout(charge=desk.intent(attempt_id=5))
        desk.sandbox.pay_checkout(start.redirect_url)
        found = desk.gateway.find(customer_reference=desk.customer, attempt_id=5, since=hour_ago)
        assert found is not None
        assert (found.reference, found.state) == (start.reference, ChargeState.SUCCEEDED)

    def test_a_page_for_saving_is_another_table(self, desk: Desk, hour_ago: datetime) -> None:
        start = desk.setup(origin=desk.origin(5))
        desk.sandbox.pay_checkout(start.redirect_url)
        assert desk.gateway.find(customer_reference=desk.customer, attempt_id=5, since=hour_ago) is None

    def test_looks_past_a_hundred_others(self, desk: Desk, hour_ago: datetime) -> None:
        wanted = desk.charge(desk.save_card(), charge=desk.intent(attempt_id=5))
        for number in range(105):
            fields = {"amount": "500", "currency": "chf", "customer": desk.customer}
            desk.sandbox.api("/v1/payment_intents", {**fields, "metadata[attempt]": str(1000 + number)})
        found = desk.gateway.find(customer_reference=desk.customer, attempt_id=5, since=hour_ago)
        assert found == wanted

    def test_the_paid_one_counts(self, desk: Desk, hour_ago: datetime) -> None:
        means = desk.save_card()
        desk.sandbox.set_means(means, behaviour="decline:generic_decline")
        desk.charge(means, charge=desk.intent(attempt_id=5))
        desk.sandbox.set_means(means, behaviour="ok")
        paid = desk.charge(means, charge=desk.intent(attempt_id=5))
        desk.sandbox.set_means(means, behaviour="decline:generic_decline")
        desk.charge(means, charge=desk.intent(attempt_id=5))
        found = desk.gateway.find(customer_reference=desk.customer, attempt_id=5, since=hour_ago)
        assert found == paid

    @pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/checkout/sessions"])
    def test_silence_is_unknown_not_none(self, desk: Desk, hour_ago: datetime, path: str) -> None:
        desk.sandbox.faults({"kind": "error_500_before", "match": {"method": "GET", "path": path}})
        found = desk.gateway.find(customer_reference=desk.customer, attempt_id=1, since=hour_ago)
        assert found is not None
        assert (found.state, found.trouble) == (ChargeState.UNKNOWN, "provider_error")


class TestSilence:
    """The provider is down altogether."""

    @pytest.fixture
    def silent(self, desk: Desk) -> Desk:
        options = StripeOptions(api_key="sk_test_sandbox", api_base="http://127.0.0.1:9", timeout=0.5)
        return Desk(StripeGateway(name="stripe", options=options), desk.sandbox, desk.customer)

    def test_states_are_unknown_and_keep_their_reference(self, silent: Desk, hour_ago: datetime) -> None:
        gateway = silent.gateway
        for result in (
            gateway.retrieve(reference="pi_1"),
            gateway.cancel(reference="pi_1", idempotency_key="k"),
            gateway.confirm_on_session(
                reference="pi_1", means_reference="pm_1", return_url="https://a.test", idempotency_key="k"
            ),
        ):
            assert (result.state, result.reference) == (ChargeState.UNKNOWN, "pi_1")
        assert silent.charge("pm_1").state is ChargeState.UNKNOWN
        assert gateway.retrieve_setup(reference="cs_1").state is ChargeState.UNKNOWN
        found = gateway.find(customer_reference="cus_1", attempt_id=1, since=hour_ago)
        assert found is not None
        assert found.state is ChargeState.UNKNOWN
        refund = gateway.find_refund(charge_reference="pi_1", attempt_id=1)
        assert refund is not None
        assert refund.state is RefundState.UNKNOWN

    def test_what_moves_no_money_says_so(self, silent: Desk) -> None:
        with pytest.raises(GatewayUnavailable):
            silent.checkout()
        with pytest.raises(GatewayUnavailable):
            silent.setup()
        with pytest.raises(GatewayUnavailable):
            silent.describe("pm_1")
        with pytest.raises(GatewayUnavailable):
            silent.gateway.detach_means(means_reference="pm_1", idempotency_key="k")
        with pytest.raises(GatewayUnavailable):
            silent.gateway.create_customer(
                organization_id=1, name="A", email="a@a.test", language="en", idempotency_key="k"
            )


def test_the_wait_is_bounded(desk: Desk) -> None:
    """A provider that holds the line does not hold a worker."""
    means = desk.save_card()
    desk.sandbox.faults(fault("timeout_before", times=1) | {"ms": 20_000})
    began = datetime.now()  # noqa: DTZ005 - a stopwatch
    assert desk.charge(means).trouble == "no_answer"
    assert (datetime.now() - began).total_seconds() < 15  # noqa: DTZ005


def test_a_lost_answer_while_opening_a_page_is_repeated(desk: Desk) -> None:
    start: Any = None
    desk.sandbox.faults(fault("answer_lost_after_success", "/v1/checkout/sessions"))
    values = {"charge": desk.intent(), "expires_at": datetime.fromtimestamp(later(), tz=None).astimezone()}
    with pytest.raises(GatewayUnavailable):
        desk.checkout(**values, idempotency_key="row")
    start = desk.checkout(**values, idempotency_key="row")
    sessions = desk.sandbox.get("/v1/checkout/sessions")["data"]
    assert [session["id"] for session in sessions] == [start.reference]


def later() -> int:
    """Return a moment in an hour, in whole seconds."""
    return int(datetime.now().timestamp()) + 3600  # noqa: DTZ005
