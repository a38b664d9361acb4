"""What the protocol promises, of each driver, against its provider's test server over HTTP (BIL-16)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from billing.gateway.errors import GatewayMisconfigured, GatewayUnavailable, MeansNotFound
from billing.gateway.postfinance.driver import PostFinanceGateway
from billing.gateway.protocol import (
    ChargeIntent,
    ChargeState,
    CheckoutStart,
    FailureKind,
    Gateway,
    MeansKind,
    Origin,
    RefundState,
)
from billing.gateway.stripe.driver import StripeGateway
from manager.demo.postfinance.testing import TestServer
from manager.demo.psp.testing import SandboxProcess
from manager.kit.money import Money

PRICE = Money(2_000, "CHF")


@dataclass
class Counter:
    """A driver with its provider; `submit` presses pay on a page, `charges` is what really happened."""

    gateway: Gateway
    kind: MeansKind
    faults: Callable[..., None]
    charges: Callable[[], list[dict[str, Any]]]
    refunds: Callable[[], list[dict[str, Any]]]
    submit: Callable[[str], str]
    decline: Callable[[str], None]
    broken: Gateway
    numbers: Any
    customer: str = ""

    def intent(self, attempt: int, amount: Money = PRICE) -> ChargeIntent:
        origin = Origin(organization_id=4, attempt_id=attempt, invoice_id=9)
        return ChargeIntent(
            amount=amount, customer_reference=self.customer, origin=origin, description="Invoice 2026-1"
        )

    def checkout(self, attempt: int, *, save: bool = False) -> CheckoutStart:
        return self.gateway.start_checkout(
            charge=self.intent(attempt),
            kinds=(self.kind,),
            save_means=save,
            success_url="https://panel.test/paid",
            cancel_url="https://panel.test/cart",
            language="de",
            expires_at=datetime.now(tz=UTC) + timedelta(hours=1),
            idempotency_key=f"key-{attempt}",
        )

    def saved(self) -> str:
        start = self.gateway.start_setup(
            customer_reference=self.customer,
            origin=Origin(organization_id=4, attempt_id=next(self.numbers)),
            currency="CHF",
            kinds=(self.kind,),
            success_url="https://panel.test/saved",
            cancel_url="https://panel.test/means",
            language="fr",
            idempotency_key=f"setup-{next(self.numbers)}",
        )
        assert self.gateway.retrieve_setup(reference=start.reference).state is ChargeState.REQUIRES_ACTION
        self.submit(start.redirect_url)
        result = self.gateway.retrieve_setup(reference=start.reference)
        assert result.state is ChargeState.SUCCEEDED
        assert result.means is not None
        assert result.means.kind is self.kind
        return result.means.reference

    def charge(self, means: str, attempt: int) -> Any:
        return self.gateway.charge_saved_means(
            charge=self.intent(attempt),
            means_reference=means,
            means_kind=self.kind,
            idempotency_key=f"key-{attempt}",
        )

    def find(self, attempt: int) -> Any:
        since = datetime.now(tz=UTC) - timedelta(hours=1)
        return self.gateway.find(customer_reference=self.customer, attempt_id=attempt, since=since)


def at_stripe(sandbox: SandboxProcess) -> Counter:
    options = {"api_key": "sk_test_sandbox", "api_base": sandbox.url, "webhook_secret": "w", "timeout": 2.0}
    return Counter(
        gateway=StripeGateway.from_options(name="stripe", options=options),
        kind=MeansKind.CARD,
        faults=sandbox.faults,
        charges=sandbox.charges,
        refunds=lambda: sandbox.journal("refund"),
        submit=sandbox.pay_checkout,
        decline=lambda means: sandbox.set_means(means, behaviour="decline:generic_decline"),
        broken=StripeGateway.from_options(name="stripe", options={**options, "api_key": "wrong"}),
        numbers=count(1),
    )


def at_postfinance(server: TestServer) -> Counter:
    options = {**server.options, "timeout": 2.0}
    return Counter(
        gateway=PostFinanceGateway.from_options(name="postfinance", options=options),
        kind=MeansKind.POSTFINANCE,
        faults=server.faults,
        charges=server.charges,
        refunds=server.refunds,
        submit=server.submit,
        decline=lambda means: server.control(f"/_token/{means}", {"behaviour": "decline"}),
        broken=PostFinanceGateway.from_options(
            name="postfinance", options={**options, "authentication_key": "d3Jvbmc="}
        ),
        numbers=count(1),
    )


@pytest.fixture(scope="module")
def postfinance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServer]:
    server = TestServer(Path(tmp_path_factory.mktemp("postfinance"))).start()
    yield server
    server.stop()


@pytest.fixture(params=["stripe", "postfinance"])
def desk(request: pytest.FixtureRequest, sandbox: SandboxProcess, postfinance: TestServer) -> Counter:
    postfinance.reset()
    made = at_stripe(sandbox) if request.param == "stripe" else at_postfinance(postfinance)
    made.customer = made.gateway.create_customer(
        organization_id=4, name="Acme", email="a@acme.test", language="fr", idempotency_key="customer-4"
    )
    return made


def test_a_page_is_paid_and_keeps_the_means(desk: Counter) -> None:
    """BIL-3, BIL-10: opened twice it is one page, and what was paid there can be charged later."""
    start = desk.checkout(1, save=True)
    assert desk.checkout(1, save=True).reference == start.reference
    waiting = desk.gateway.retrieve(reference=start.reference)
    assert (waiting.state, waiting.action_url) == (ChargeState.REQUIRES_ACTION, start.redirect_url)
    assert desk.submit(start.redirect_url).startswith("https://panel.test/paid")
    paid = desk.gateway.retrieve(reference=start.reference)
    assert (paid.state, paid.amount) == (ChargeState.SUCCEEDED, PRICE)
    means = desk.gateway.describe_means(means_reference=paid.means_reference)
    assert means.fingerprint
    assert desk.charge(means.reference, 2).state is ChargeState.SUCCEEDED
    assert len(desk.charges()) == 2


def test_the_same_charge_is_made_once(desk: Counter) -> None:
    """BIL-16: sent again, it is the first one."""
    means = desk.saved()
    first = desk.charge(means, 7)
    assert (first.state, first.amount) == (ChargeState.SUCCEEDED, PRICE)
    assert desk.charge(means, 7).reference == first.reference
    assert desk.find(7).reference == first.reference
    assert desk.find(8) is None
    assert len(desk.charges()) == 1


@pytest.mark.parametrize(
    "fault", ["answer_lost_after_success", "error_500_after_success", "error_500_before"]
)
def test_a_lost_answer_is_unknown_and_found_before_another_call(desk: Counter, fault: str) -> None:
    """BIL-16: whatever call loses its answer, the attempt ends with one charge."""
    means = desk.saved()
    ended = 0
    for attempt, skipped in enumerate(range(3), start=20):
        desk.faults({"kind": fault, "match": {"method": "POST"}, "skip": skipped})
        result = desk.charge(means, attempt)
        desk.faults()
        assert result.state in (ChargeState.UNKNOWN, ChargeState.SUCCEEDED)
        if result.state is ChargeState.UNKNOWN:
            assert result.trouble in ("no_answer", "provider_error")
            found = desk.find(attempt)
            if found is None and desk.gateway.name == "postfinance":
                found = desk.charge(means, attempt)
            ended += found is not None
            assert found is None or found.state is ChargeState.SUCCEEDED
        else:
            ended += 1
    assert len(desk.charges()) == ended


def test_no_answer_from_the_list_is_no_none(desk: Counter) -> None:
    """BIL-16: only who was told that there is none may send again."""
    desk.faults({"kind": "error_500_before", "times": None})
    assert desk.find(1).state is ChargeState.UNKNOWN
    assert desk.gateway.retrieve(reference="1" if desk.kind is MeansKind.POSTFINANCE else "pi_1").state is (
        ChargeState.UNKNOWN
    )
    with pytest.raises(GatewayUnavailable):
        desk.checkout(1)


def test_a_refused_charge_says_why(desk: Counter) -> None:
    """BIL-11: and one of a means that is gone is hard."""
    means = desk.saved()
    desk.decline(means)
    refused = desk.charge(means, 3)
    assert refused.state is ChargeState.FAILED
    assert refused.failure is not None
    assert (refused.failure.kind, refused.failure.message_key) == (FailureKind.SOFT, "declined")
    desk.gateway.detach_means(means_reference=means, idempotency_key="gone-1")
    desk.gateway.detach_means(means_reference=means, idempotency_key="gone-2")
    gone = desk.charge(means, 4)
    assert gone.failure is not None
    assert (gone.state, gone.failure.kind) == (ChargeState.FAILED, FailureKind.HARD)
    with pytest.raises(MeansNotFound):
        desk.gateway.describe_means(means_reference="999" if means.isdigit() else "pm_none")
    assert desk.charges() == []


def test_a_cancelled_page_counts_as_closed(desk: Counter) -> None:
    """BIL-16: what was paid before is told as paid."""
    start = desk.checkout(5)
    assert desk.gateway.cancel(reference=start.reference, idempotency_key="c-1").state is ChargeState.CANCELED
    assert desk.gateway.retrieve(reference=start.reference).state is ChargeState.CANCELED
    paid = desk.checkout(6)
    desk.submit(paid.redirect_url)
    assert desk.gateway.cancel(reference=paid.reference, idempotency_key="c-2").state is ChargeState.SUCCEEDED


def test_a_refund_is_made_once(desk: Counter) -> None:
    """BIL-14: in parts, never more than was paid, and found by its row."""
    charge = desk.charge(desk.saved(), 10).charge_reference

    def give(row: int, amount: int) -> Any:
        return desk.gateway.refund(
            charge_reference=charge,
            amount=Money(amount, "CHF"),
            origin=Origin(organization_id=4, attempt_id=row),
            idempotency_key=f"refund-{row}",
        )

    first = give(1, 500)
    assert first.amount == Money(500, "CHF")
    assert give(1, 500).reference == first.reference
    assert give(2, 1_500).state in (RefundState.SUCCEEDED, RefundState.PENDING)
    assert give(3, 100).state is RefundState.FAILED
    found = desk.gateway.find_refund(charge_reference=charge, attempt_id=1)
    assert found is not None
    assert found.reference == first.reference
    assert desk.gateway.find_refund(charge_reference=charge, attempt_id=4) is None
    assert len(desk.refunds()) == 2


def test_a_wrong_key_of_ours_charges_nobody(desk: Counter) -> None:
    """INC-22: it is a mistake to mend, not a decline."""
    means = desk.saved()
    with pytest.raises(GatewayMisconfigured):
        desk.broken.charge_saved_means(
            charge=desk.intent(1), means_reference=means, means_kind=desk.kind, idempotency_key="k"
        )
    assert desk.charges() == []
