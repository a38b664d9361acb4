"""A gateway that dies: the process is killed (SIGKILL) before or after a call reaches the provider."""

import os
import signal
from typing import Any

from billing.gateway.protocol import ChargeResult, CheckoutStart, RefundResult
from billing.gateway.stripe.driver import StripeGateway


def die_at(point: str) -> None:
    """Kill this process when the test wants it dead at `point`."""
    if os.environ.get("DIE_AT") == point:
        os.kill(os.getpid(), signal.SIGKILL)


class KilledGateway(StripeGateway):
    """The Stripe driver, with two labelled points around each call that moves money."""

    def charge_saved_means(self, **given: Any) -> ChargeResult:
        die_at("before_call")
        result = super().charge_saved_means(**given)
        die_at("after_call")
        return result

    def start_checkout(self, **given: Any) -> CheckoutStart:
        die_at("before_call")
        result = super().start_checkout(**given)
        die_at("after_call")
        return result

    def retrieve(self, **given: Any) -> ChargeResult:
        die_at("before_look")
        result = super().retrieve(**given)
        die_at("after_look")
        return result

    def refund(self, **given: Any) -> RefundResult:
        die_at("before_refund")
        result = super().refund(**given)
        die_at("after_refund")
        return result
