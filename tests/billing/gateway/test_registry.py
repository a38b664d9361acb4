"""Providers are set up by settings, and a set-up with a hole is reported (INC-22)."""

from typing import Any

import pytest
from django.core.checks import ERROR, WARNING

from billing.gateway import declines
from billing.gateway.checks import check_gateways
from billing.gateway.declines import failure_for, message_for
from billing.gateway.errors import GatewayUnknown
from billing.gateway.protocol import FailureKind, MeansKind
from billing.gateway.registry import default_gateway, gateway_for, gateway_taking, offered_kinds
from billing.gateway.stripe.client import client_for
from billing.gateway.stripe.driver import StripeGateway

DRIVER = "billing.gateway.stripe.driver.StripeGateway"
WHOLE = {"driver": DRIVER, "api_key": "sk_test_1", "api_base": "", "webhook_secret": "whsec_1"}


def test_gives_the_driver_its_options(settings: Any) -> None:
    settings.GATEWAYS = {"stripe": WHOLE}
    gateway = gateway_for("stripe")
    assert isinstance(gateway, StripeGateway)
    assert (gateway.name, gateway.options.api_key) == ("stripe", "sk_test_1")
    assert gateway.options.timeout <= 10
    assert default_gateway().name == "stripe"
    assert "sk_test_1" not in repr(gateway.options)
    assert "whsec_1" not in repr(gateway.options)


def test_one_client_serves_one_configuration(settings: Any) -> None:
    settings.GATEWAYS = {"stripe": WHOLE, "other": {**WHOLE, "api_key": "sk_test_2"}}
    first, again, other = (gateway_for(name) for name in ("stripe", "stripe", "other"))
    assert client_for(first.options) is client_for(again.options)  # type: ignore[attr-defined]
    assert client_for(first.options) is not client_for(other.options)  # type: ignore[attr-defined]


def test_does_not_know_what_is_not_set_up(settings: Any) -> None:
    settings.GATEWAYS = {}
    with pytest.raises(GatewayUnknown):
        gateway_for("stripe")


def test_sends_people_to_stripe_or_to_the_sandbox(settings: Any) -> None:
    settings.GATEWAYS = {"stripe": WHOLE, "sandbox": {**WHOLE, "api_base": "http://127.0.0.1:8200/"}}
    assert "https://checkout.stripe.com" in gateway_for("stripe").redirect_origins()
    assert gateway_for("sandbox").redirect_origins() == ("http://127.0.0.1:8200",)


class TestCheckGateways:
    """The start-up check."""

    def test_is_content_with_a_whole_set_up(self, settings: Any) -> None:
        settings.GATEWAYS = {"stripe": WHOLE}
        assert check_gateways() == []

    @pytest.mark.parametrize("option", ["api_key", "webhook_secret"])
    @pytest.mark.parametrize("empty", ["", "  "])
    def test_reports_a_hole(self, settings: Any, option: str, empty: str) -> None:
        settings.GATEWAYS = {"stripe": {**WHOLE, option: empty}}
        settings.DEBUG = False
        (problem,) = check_gateways()
        assert (problem.id, problem.level) == ("billing.E001", ERROR)
        assert option in problem.msg
        settings.DEBUG = True
        assert check_gateways()[0].level == WARNING

    def test_reports_a_hole_of_postfinance(self, settings: Any) -> None:
        """INC-22: its webhooks are proved with keys that are fetched with this one."""
        driver = "billing.gateway.postfinance.driver.PostFinanceGateway"
        options = {"space_id": "1", "user_id": "2", "authentication_key": ""}
        settings.GATEWAYS = {"stripe": WHOLE, "postfinance": {"driver": driver, **options}}
        settings.DEBUG = False
        (problem,) = check_gateways()
        assert (problem.id, problem.level) == ("billing.E001", ERROR)
        assert "postfinance has no authentication_key" in problem.msg

    def test_each_kind_goes_to_the_first_that_takes_it(self, settings: Any) -> None:
        """BIL-3: PostFinance in francs alone."""
        driver = "billing.gateway.postfinance.driver.PostFinanceGateway"
        options = {"space_id": "1", "user_id": "2", "authentication_key": "a2V5"}
        settings.GATEWAYS = {"stripe": WHOLE, "postfinance": {"driver": driver, **options}}
        assert offered_kinds(currency="CHF")[-1] is MeansKind.POSTFINANCE
        assert MeansKind.POSTFINANCE not in offered_kinds(currency="EUR")
        assert gateway_taking(kind=MeansKind.POSTFINANCE, currency="CHF").name == "postfinance"
        assert gateway_taking(kind=MeansKind.TWINT, currency="CHF").name == "stripe"
        with pytest.raises(GatewayUnknown):
            gateway_taking(kind=MeansKind.POSTFINANCE, currency="EUR")

    def test_reports_a_default_that_is_not_there(self, settings: Any) -> None:
        settings.GATEWAYS = {"stripe": WHOLE}
        settings.DEFAULT_GATEWAY = "elsewhere"
        assert [problem.id for problem in check_gateways()] == ["billing.E002"]


class TestFailureFor:
    """Which declines are worth another try (BIL-11)."""

    def test_each_code_has_a_text(self) -> None:
        tables = (declines.HARD_CODES, declines.SOFT_CODES, declines.AUTHENTICATION_CODES)
        keys = {key for table in tables for key in table.values()} | {"declined"}
        assert keys == set(declines.MESSAGES)

    def test_no_code_is_both(self) -> None:
        tables = (declines.HARD_CODES, declines.SOFT_CODES, declines.AUTHENTICATION_CODES)
        codes = [code for table in tables for code in table]
        assert len(codes) == len(set(codes))

    def test_an_unheard_of_code_is_soft(self) -> None:
        failure = failure_for(code="moon_phase")
        assert (failure.kind, failure.message_key) == (FailureKind.SOFT, "declined")

    def test_the_network_can_forbid_another_try(self) -> None:
        failure = failure_for(code="generic_decline", advice="do_not_try_again")
        assert failure.kind is FailureKind.HARD
        assert failure_for(code="generic_decline", advice="try_again_later").kind is FailureKind.SOFT

    def test_a_key_of_another_day_still_has_a_text(self) -> None:
        assert message_for("forgotten") == message_for("declined")
