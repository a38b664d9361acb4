"""Each call of the driver has only parameters that the library of Stripe knows at that address.

The calls are recorded on their way to the sandbox, so that what is checked is what is sent.
"""

import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import stripe.params.checkout as checkout_params
import typing_extensions
from stripe import RequestsClient, params
from stripe._request_options import RequestOptions

from billing.gateway.protocol import Gateway, MeansKind
from billing.gateway.stripe import client as client_module
from billing.gateway.stripe.client import StripeOptions
from billing.gateway.stripe.driver import StripeGateway
from manager.demo.psp.forms import decode
from manager.demo.psp.routes import ROUTES, find_route
from manager.demo.psp.testing import SandboxProcess
from manager.kit.money import Money
from tests.billing.gateway.conftest import Desk

CLASSES: dict[tuple[str, str], Any] = {
    ("post", "/v1/customers"): params.CustomerCreateParams,
    ("post", "/v1/payment_intents"): params.PaymentIntentCreateParams,
    ("get", "/v1/payment_intents"): params.PaymentIntentListParams,
    ("get", "/v1/payment_intents/{id}"): params.PaymentIntentRetrieveParams,
    ("post", "/v1/payment_intents/{id}/confirm"): params.PaymentIntentConfirmParams,
    ("post", "/v1/payment_intents/{id}/cancel"): params.PaymentIntentCancelParams,
    ("post", "/v1/checkout/sessions"): checkout_params.SessionCreateParams,
    ("get", "/v1/checkout/sessions"): checkout_params.SessionListParams,
    ("get", "/v1/checkout/sessions/{id}"): checkout_params.SessionRetrieveParams,
    ("post", "/v1/checkout/sessions/{id}/expire"): checkout_params.SessionExpireParams,
    ("post", "/v1/refunds"): params.RefundCreateParams,
    ("get", "/v1/refunds"): params.RefundListParams,
    ("get", "/v1/payment_methods/{id}"): params.PaymentMethodRetrieveParams,
    ("post", "/v1/payment_methods/{id}/detach"): params.PaymentMethodDetachParams,
}

Sent = tuple[str, str, dict[str, Any], Mapping[str, str]]


class Recorder(RequestsClient):
    """Stripe's own HTTP client, which also notes what it sends."""

    def __init__(self) -> None:
        super().__init__(timeout=5)
        self.sent: list[Sent] = []

    def request(self, method: str, url: str, headers: Any, post_data: Any = None) -> Any:
        parts = urlsplit(url)
        fields = decode(post_data or parts.query)
        self.sent.append((method, re.sub(r"/(pi|cs|pm|re)_\w+", "/{id}", parts.path), fields, headers))
        return super().request(method, url, headers, post_data)


@pytest.fixture
def recorder(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return Recorder()


@pytest.fixture
def sent(
    recorder: Recorder,
    sandbox: SandboxProcess,
    open_desk: Callable[[Gateway], Desk],
    monkeypatch: pytest.MonkeyPatch,
    hour_ago: datetime,
) -> list[Sent]:
    """Everything that the driver sends, once through all its verbs."""
    monkeypatch.setattr(client_module, "RequestsClient", lambda timeout: recorder)
    client_module._client.cache_clear()
    options = StripeOptions(api_key="sk_test_sandbox", api_base=sandbox.url, webhook_secret="whsec_sandbox")
    desk = open_desk(StripeGateway(name="stripe", options=options))
    run_all_verbs(desk, hour_ago)
    client_module._client.cache_clear()
    return recorder.sent


def run_all_verbs(desk: Desk, since: datetime) -> None:
    """Call each verb of the driver at least once."""
    gateway = desk.gateway
    start = desk.checkout()
    gateway.retrieve(reference=start.reference)
    gateway.cancel(reference=start.reference, idempotency_key=desk.key())
    gateway.retrieve_setup(reference=desk.setup().reference)
    means = desk.save_card("pm_card_authenticationRequired")
    waiting = desk.charge(means, means_kind=MeansKind.CARD)
    gateway.confirm_on_session(
        reference=waiting.reference,
        means_reference=means,
        return_url="https://panel.test/",
        idempotency_key=desk.key(),
    )
    gateway.cancel(reference=waiting.reference, idempotency_key=desk.key())
    desk.charge(means, return_url="https://panel.test/")
    paid = desk.charge(desk.save_card())
    gateway.find(customer_reference=desk.customer, attempt_id=1, since=since)
    gateway.refund(
        charge_reference=paid.charge_reference,
        amount=Money(100, "CHF"),
        origin=desk.origin(),
        idempotency_key=desk.key(),
    )
    gateway.find_refund(charge_reference=paid.charge_reference, attempt_id=1)
    gateway.describe_means(means_reference=means)
    gateway.detach_means(means_reference=means, idempotency_key=desk.key())


def unwrap(hint: Any) -> Iterator[Any]:
    """Yield the types inside NotRequired, unions and lists."""
    origin = typing.get_origin(hint)
    if origin in (typing_extensions.NotRequired, typing.Union, types.UnionType, list):
        for inner in typing.get_args(hint):
            yield from unwrap(inner)
    else:
        yield hint


def unknown(fields: Any, hint: Any, path: str = "") -> Iterator[str]:
    """Yield the names in `fields` that the parameter class does not have, however deep."""
    if isinstance(fields, list):
        for item in fields:
            yield from unknown(item, hint, path)
        return
    if not isinstance(fields, dict):
        return
    candidates = list(unwrap(hint))
    if any(typing.get_origin(candidate) is dict for candidate in candidates):
        return
    known = names_of(candidates)
    for name, value in fields.items():
        if name not in known or name in RequestOptions.__annotations__:
            yield f"{path}{name}"
        else:
            yield from unknown(value, known[name], f"{path}{name}.")


def names_of(candidates: list[Any]) -> dict[str, Any]:
    """Return the parameters of the classes among these types."""
    known: dict[str, Any] = {}
    for candidate in candidates:
        if typing_extensions.is_typeddict(candidate):
            known.update(
                typing_extensions.get_type_hints(
                    candidate, localns={"StripeContext": object, "Mapping": Mapping}, include_extras=True
                )
            )
    return known


def test_sends_only_parameters_that_stripe_knows(sent: list[Sent]) -> None:
    problems = [
        f"{method} {path}: {name}"
        for method, path, fields, _ in sent
        for name in unknown(fields, CLASSES[method, path])
    ]
    assert problems == []


def test_goes_through_every_address_listed_here(sent: list[Sent]) -> None:
    assert {(method, path) for method, path, _, _ in sent} == set(CLASSES)


def test_each_change_carries_the_key_of_its_row(sent: list[Sent]) -> None:
    keys = [headers["Idempotency-Key"] for method, _, _, headers in sent if method == "post"]
    assert all(re.fullmatch(r"(key-\d+|customer-4)", key) for key in keys), keys
    assert len(keys) == len(set(keys))


def test_each_call_names_our_version(
    recorder: Recorder, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the one of the library or the account, which change with their upgrades."""
    monkeypatch.setattr(client_module, "RequestsClient", lambda timeout: recorder)
    monkeypatch.setattr(client_module, "API_VERSION", "2030-01-01.other")
    client_module._client.cache_clear()
    options = StripeOptions(api_key="sk_test_sandbox", api_base=sandbox.url)
    StripeGateway(name="stripe", options=options).detach_means(means_reference="pm_1", idempotency_key="k")
    client_module._client.cache_clear()
    assert [headers["Stripe-Version"] for *_, headers in recorder.sent] == ["2030-01-01.other"]


def test_each_charge_carries_the_ids_of_its_rows(sent: list[Sent]) -> None:
    charges = [
        fields for method, path, fields, _ in sent if (method, path) == ("post", "/v1/payment_intents")
    ]
    assert all(set(fields["metadata"]) == {"organization", "attempt", "invoice"} for fields in charges)


def test_the_check_itself_sees_a_wrong_name() -> None:
    hint = checkout_params.SessionCreateParams
    fields = {
        "mode": "payment",
        "payment_method_types": ["card"],
        "line_items": [{"price_data": {"currency": "chf", "price": "1"}}],
        "metadata": {"anything": "1"},
    }
    assert list(unknown(fields, hint)) == ["payment_method_types", "line_items.price_data.price"]


def test_the_sandbox_knows_no_parameter_that_stripe_does_not() -> None:
    """So that a call cannot work here and fail there."""
    problems = []
    for (method, path), hint in CLASSES.items():
        route, _ = find_route(method.upper(), path.replace("{id}", "x"))
        for name in route.params:
            fields: Any = "1"
            for step in reversed(name.split(".")):
                fields = {step: fields}
            problems += [f"{method} {path}: {bad}" for bad in unknown(without_star(fields), hint)]
    assert problems == []
    assert len(ROUTES) >= len(CLASSES)


def without_star(fields: Any) -> Any:
    """Return the fields with a name for `*`."""
    return decode_star(fields) if isinstance(fields, dict) else fields


def decode_star(fields: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("*", "anything"): without_star(value) for name, value in fields.items()}


def test_query_strings_are_read_like_forms() -> None:
    text = "expand[0]=data.payment_intent&created[gte]=5&customer=cus_1"
    assert decode(text) == {"expand": ["data.payment_intent"], "created": {"gte": "5"}, "customer": "cus_1"}
    assert dict(parse_qsl(text))["customer"] == "cus_1"
