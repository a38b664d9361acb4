"""The connection to Stripe: one client per configuration and process, and what its errors mean for money."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

import stripe
from stripe import (
    APIConnectionError,
    AuthenticationError,
    CardError,
    IdempotencyError,
    InvalidRequestError,
    RateLimitError,
    RequestsClient,
    StripeClient,
    StripeError,
)

from billing.gateway.errors import GatewayMisconfigured, GatewayRefused, GatewayUnavailable
from billing.gateway.vocabulary import seconds_of

API_VERSION = "2026-10-28.endive"
"""Set on every call, so that an upgrade of the library or of the account does not change answers."""


DEFINITE = (CardError, InvalidRequestError, IdempotencyError, AuthenticationError, stripe.PermissionError)
"""Answers after which it is certain that this call moved no money."""


@dataclass(frozen=True, slots=True)
class StripeOptions:
    """What a driver is made from. `api_base` is the sandbox, empty for Stripe; `timeout` in seconds."""

    api_key: str = field(repr=False)
    api_base: str = ""
    webhook_secret: str = field(default="", repr=False)
    timeout: float = 10.0


def client_for(options: StripeOptions) -> StripeClient:
    """Return the client of these options for this process; its connections are kept per thread."""
    return _client(options, os.getpid())


@lru_cache(maxsize=16)
def _client(options: StripeOptions, _process: int) -> StripeClient:
    # The process number is part of the key so that a forked worker never shares its parent's sockets.
    return StripeClient(
        options.api_key,
        stripe_version=API_VERSION,
        base_addresses={"api": options.api_base.rstrip("/")} if options.api_base else None,
        # The row owns repetition: a repeat happens by the janitor, after asking, with the row's key (BIL-16).
        max_network_retries=0,
        http_client=RequestsClient(timeout=(options.timeout, options.timeout)),
    )


def trouble_of(error: StripeError) -> str:
    """Return why nobody knows what the call did, or "" when the provider has given a definite answer."""
    if isinstance(error, RateLimitError):
        return "rate_limited"
    if isinstance(error, APIConnectionError):
        return "no_answer"
    if error.http_status == 409:
        return "in_use"
    if isinstance(error, DEFINITE):
        return ""
    return "provider_error"


def wait_of(error: StripeError) -> int:
    """Return how many seconds the provider wants to be left alone, 0 where it says none."""
    return seconds_of((error.headers or {}).get("Retry-After"))


def refusal_of(error: StripeError) -> GatewayMisconfigured | GatewayRefused | GatewayUnavailable:
    """Return the error to raise where no result can tell it."""
    if isinstance(error, AuthenticationError | stripe.PermissionError):
        return GatewayMisconfigured()
    if trouble_of(error):
        return GatewayUnavailable(trouble=trouble_of(error))
    return GatewayRefused(provider_code=error.code or "", provider_message=error.user_message or "")


@contextmanager
def asked() -> Iterator[None]:
    """Tell an error of Stripe in the panel's words; for calls whose answer is no state of money."""
    try:
        yield
    except StripeError as error:
        raise refusal_of(error) from error
