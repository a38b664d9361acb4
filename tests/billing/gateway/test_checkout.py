"""Pages where the person pays or saves a means (BIL-3, BIL-9)."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.gateway.errors import GatewayRefused
from billing.gateway.protocol import ChargeState, MeansKind
from manager.kit.money import Money
from tests.billing.gateway.conftest import Desk


class TestStartCheckout:
    """start_checkout and what retrieve tells afterwards."""

    def test_waits_for_the_person(self, desk: Desk) -> None:
        start = desk.checkout()
        result = desk.gateway.retrieve(reference=start.reference)
        assert result.state is ChargeState.REQUIRES_ACTION
        assert result.action_url == start.redirect_url
        assert result.amount == Money(2000, "CHF")
        assert result.failure is None
        assert start.expires_at > datetime.now(tz=UTC) + timedelta(minutes=55)
        assert start.redirect_url.startswith(desk.gateway.redirect_origins()[0])

    def test_is_paid_on_the_page(self, desk: Desk) -> None:
        start = desk.checkout()
        assert desk.sandbox.pay_checkout(start.redirect_url) == "https://panel.test/paid"
        result = desk.gateway.retrieve(reference=start.reference)
        assert (result.state, result.amount) == (ChargeState.SUCCEEDED, Money(2000, "CHF"))
        assert result.charge_reference.startswith("pi_")
        assert desk.describe(result.means_reference).customer_reference == desk.customer
        (entry,) = desk.sandbox.charges()
        assert entry["metadata"]["organization"] == "4"
        assert entry["metadata"]["invoice"] == "9"

    def test_keeps_no_means_unless_asked(self, desk: Desk) -> None:
        start = desk.checkout(save_means=False)
        desk.sandbox.pay_checkout(start.redirect_url)
        result = desk.gateway.retrieve(reference=start.reference)
        assert desk.describe(result.means_reference).customer_reference == ""

    @pytest.mark.parametrize("kind", [MeansKind.TWINT, MeansKind.PAYPAL])
    def test_keeps_wallets_for_charges_without_the_person(self, desk: Desk, kind: MeansKind) -> None:
        start = desk.checkout()
        desk.sandbox.pay_checkout(start.redirect_url, method=kind.value)
        means = desk.gateway.retrieve(reference=start.reference).means_reference
        assert desk.describe(means).kind is kind
        assert desk.charge(means, means_kind=kind).state is ChargeState.SUCCEEDED

    def test_stays_open_after_a_decline(self, desk: Desk) -> None:
        start = desk.checkout()
        desk.sandbox.pay_checkout(start.redirect_url, card="4000000000000002")
        assert desk.gateway.retrieve(reference=start.reference).state is ChargeState.REQUIRES_ACTION
        desk.sandbox.pay_checkout(start.redirect_url)
        assert desk.gateway.retrieve(reference=start.reference).state is ChargeState.SUCCEEDED

    def test_offers_twint_for_francs_only(self, desk: Desk) -> None:
        start = desk.checkout(charge=desk.intent(amount=Money(2000, "EUR")))
        page = desk.sandbox.get(f"/v1/checkout/sessions/{start.reference}")
        assert page["payment_method_types"] == ["card", "paypal"]
        assert desk.gateway.kinds_for(currency="EUR") == (MeansKind.CARD, MeansKind.PAYPAL)
        assert desk.gateway.kinds_for(currency="USD") == (MeansKind.CARD,)

    def test_the_same_key_opens_the_same_page(self, desk: Desk) -> None:
        charge, closing = desk.intent(), datetime.now(tz=UTC) + timedelta(hours=1)
        first = desk.checkout(charge=charge, expires_at=closing, idempotency_key="same")
        assert desk.checkout(charge=charge, expires_at=closing, idempotency_key="same") == first

    def test_refuses_what_makes_no_sense(self, desk: Desk) -> None:
        with pytest.raises(GatewayRefused):
            desk.checkout(expires_at=datetime.now(tz=UTC) + timedelta(days=3))


class TestCancel:
    """cancel closes a page or charge for good."""

    def test_closes_a_page(self, desk: Desk) -> None:
        start = desk.checkout()
        result = desk.gateway.cancel(reference=start.reference, idempotency_key=desk.key())
        assert result.state is ChargeState.CANCELED
        desk.sandbox.submit(start.redirect_url, {"method": "card", "number": "4242424242424242"})
        assert desk.sandbox.journal() == []

    def test_tells_that_it_was_paid_meanwhile(self, desk: Desk) -> None:
        start = desk.checkout()
        desk.sandbox.pay_checkout(start.redirect_url)
        result = desk.gateway.cancel(reference=start.reference, idempotency_key=desk.key())
        assert (result.state, result.amount) == (ChargeState.SUCCEEDED, Money(2000, "CHF"))

    def test_closes_a_charge_that_waits_for_approval(self, desk: Desk) -> None:
        waiting = desk.charge(desk.save_card("pm_card_authenticationRequired"))
        result = desk.gateway.cancel(reference=waiting.reference, idempotency_key=desk.key())
        assert result.state is ChargeState.CANCELED
        again = desk.gateway.cancel(reference=waiting.reference, idempotency_key=desk.key())
        assert again.state is ChargeState.CANCELED


class TestStartSetup:
    """start_setup saves a means without a charge."""

    @pytest.mark.parametrize("card", ["4242424242424242", "4000002500003155"])
    def test_saves_a_card(self, desk: Desk, card: str) -> None:
        start = desk.setup()
        waiting = desk.gateway.retrieve_setup(reference=start.reference)
        assert (waiting.state, waiting.means) == (ChargeState.REQUIRES_ACTION, None)
        desk.sandbox.pay_checkout(start.redirect_url, card=card)
        result = desk.gateway.retrieve_setup(reference=start.reference)
        assert result.state is ChargeState.SUCCEEDED
        assert result.means is not None
        assert (result.means.last4, result.means.brand) == (card[-4:], "visa")
        assert (result.means.exp_month, result.means.exp_year) == (12, 2034)
        assert result.means.customer_reference == desk.customer
        assert desk.sandbox.journal() == []
        assert desk.charge(result.means.reference).state is ChargeState.SUCCEEDED

    def test_saves_paypal_with_its_address(self, desk: Desk) -> None:
        start = desk.setup()
        desk.sandbox.pay_checkout(start.redirect_url, method="paypal")
        means = desk.gateway.retrieve_setup(reference=start.reference).means
        assert means is not None
        assert (means.kind, means.email, means.last4) == (MeansKind.PAYPAL, "buyer@example.com", "")

    def test_stays_open_after_a_refusal(self, desk: Desk) -> None:
        start = desk.setup()
        desk.sandbox.pay_checkout(start.redirect_url, method="twint", approve=False)
        assert desk.gateway.retrieve_setup(reference=start.reference).state is ChargeState.REQUIRES_ACTION
