"""Hosted pages: paid, declined, approved or refused by plain form posts, without JavaScript (BIL-3)."""

import re
import time
from html.parser import HTMLParser
from typing import Any

import pytest

from manager.demo.psp.testing import SandboxProcess, query_of

CARD = {"method": "card", "number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}
OK = "https://panel.test/paid?session={CHECKOUT_SESSION_ID}"


@pytest.fixture
def customer(sandbox: SandboxProcess) -> str:
    return str(sandbox.api("/v1/customers", {"name": "Acme"})["id"])


def open_page(sandbox: SandboxProcess, customer: str, **more: str) -> dict[str, Any]:
    """Open a page to pay 120.00."""
    kinds = ["card", "twint", "paypal"]
    page: dict[str, Any] = sandbox.api(
        "/v1/checkout/sessions",
        {
            "mode": "payment",
            "customer": customer,
            "success_url": OK,
            "cancel_url": "https://panel.test/no",
            "line_items[0][quantity]": "2",
            "line_items[0][price_data][currency]": "chf",
            "line_items[0][price_data][unit_amount]": "6000",
            "line_items[0][price_data][product_data][name]": "Hosting <b>plus</b>",
            "payment_intent_data[setup_future_usage]": "off_session",
            "payment_intent_data[metadata][attempt]": "7",
            **{f"allowed_payment_method_types[{place}]": kind for place, kind in enumerate(kinds)},
            **more,
        },
    )
    return page


def open_setup(sandbox: SandboxProcess, customer: str) -> dict[str, Any]:
    """Open a page to save a means."""
    page: dict[str, Any] = sandbox.api(
        "/v1/checkout/sessions",
        {
            "mode": "setup",
            "customer": customer,
            "currency": "chf",
            "success_url": OK,
            "cancel_url": "https://panel.test/no",
            "allowed_payment_method_types[0]": "card",
            "allowed_payment_method_types[1]": "twint",
        },
    )
    return page


def state(sandbox: SandboxProcess, page: dict[str, Any]) -> tuple[str, str]:
    """Return status and payment status of a page."""
    current = sandbox.get(f"/v1/checkout/sessions/{page['id']}")
    return current["status"], current["payment_status"]


def show(sandbox: SandboxProcess, url: str) -> tuple[int, str]:
    """Return status and text of a page."""
    status, _, text = sandbox.exchange("GET", url)
    return status, text


class TestPaying:
    """The page to pay."""

    def test_shows_what_is_paid_without_trusting_it(self, sandbox: SandboxProcess, customer: str) -> None:
        status, text = show(sandbox, open_page(sandbox, customer)["url"])
        assert status == 200
        assert "CHF 120.00" in text
        assert "Hosting &lt;b&gt;plus&lt;/b&gt;" in text
        assert "<script" not in text

    def test_pays_by_card_and_keeps_it(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        assert query_of(sandbox.submit(page["url"], CARD)) == {"session": page["id"]}
        assert state(sandbox, page) == ("complete", "paid")
        (entry,) = sandbox.charges()
        assert (entry["amount"], entry["metadata"]) == (12000, {"attempt": "7"})
        (saved,) = sandbox.get(f"/v1/payment_methods?customer={customer}")["data"]
        assert (saved["card"]["last4"], saved["card"]["exp_year"]) == ("4242", 2034)

    def test_two_clicks_pay_once(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        first = sandbox.submit(page["url"], CARD)
        assert sandbox.submit(page["url"], CARD) == first
        assert len(sandbox.charges()) == 1

    def test_a_declined_card_can_be_replaced(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        assert sandbox.submit(page["url"], {**CARD, "number": "4000000000009995"}) == page["url"]
        assert state(sandbox, page) == ("open", "unpaid")
        sandbox.submit(page["url"], CARD)
        assert state(sandbox, page) == ("complete", "paid")
        assert [entry["status"] for entry in sandbox.journal()] == ["failed", "succeeded"]

    @pytest.mark.parametrize(
        "change",
        [
            {"number": "4242424242424241"},
            {"number": "4111111111111111"},
            {"number": ""},
            {"number": "4" * 300},
            {"number": "\u0664242"},
            {"expiry": "13/34"},
            {"expiry": "01/20"},
            {"expiry": ""},
            {"cvc": "12"},
            {"method": "cash"},
        ],
    )
    def test_says_what_to_correct(
        self, sandbox: SandboxProcess, customer: str, change: dict[str, str]
    ) -> None:
        page = open_page(sandbox, customer)
        body = "&".join(f"{name}={value}" for name, value in {**CARD, **change}.items())
        status, _, text = sandbox.exchange("POST", page["url"], body)
        assert status == 402
        assert 'role="alert"' in text
        assert sandbox.journal() == []

    def test_three_d_secure_comes_before_the_charge(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        dialog = sandbox.submit(page["url"], {**CARD, "number": "4000002500003155"})
        assert "/dialog/" in dialog
        assert sandbox.journal() == []
        assert query_of(sandbox.submit(dialog, {"decision": "approve"})) == {"session": page["id"]}
        assert state(sandbox, page) == ("complete", "paid")

    def test_refusing_leads_back_with_a_reason(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        dialog = sandbox.submit(page["url"], {**CARD, "number": "4000002760003184"})
        assert sandbox.submit(dialog, {"decision": "refuse"}) == page["url"]
        assert "failed authentication" in show(sandbox, page["url"])[1]
        assert state(sandbox, page) == ("open", "unpaid")
        assert sandbox.pay_checkout(page["url"]).startswith("https://panel.test/paid")

    @pytest.mark.parametrize("kind", ["twint", "paypal"])
    def test_wallets_are_approved_and_kept(self, sandbox: SandboxProcess, customer: str, kind: str) -> None:
        page = open_page(sandbox, customer)
        sandbox.pay_checkout(page["url"], method=kind)
        assert state(sandbox, page) == ("complete", "paid")
        (saved,) = sandbox.get(f"/v1/payment_methods?customer={customer}&type={kind}")["data"]
        fields = {"amount": "900", "currency": "chf", "customer": customer, "payment_method": saved["id"]}
        later = sandbox.api("/v1/payment_intents", {**fields, "confirm": "true", "off_session": "true"})
        assert later["status"] == "succeeded"

    def test_a_wallet_that_was_not_kept_asks_each_time(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        assert sandbox.pay_checkout(page["url"], method="twint", approve=False) == page["url"]
        assert sandbox.get(f"/v1/payment_methods?customer={customer}")["data"] == []


class TestSaving:
    """The page to save a means."""

    @pytest.mark.parametrize("card", ["4242424242424242", "4000002500003155", "4000000000000341"])
    def test_saves_a_card_without_a_charge(self, sandbox: SandboxProcess, customer: str, card: str) -> None:
        page = open_setup(sandbox, customer)
        sandbox.pay_checkout(page["url"], card=card)
        assert state(sandbox, page) == ("complete", "no_payment_required")
        (saved,) = sandbox.get(f"/v1/payment_methods?customer={customer}")["data"]
        assert saved["card"]["last4"] == card[-4:]
        assert sandbox.journal() == []

    def test_saves_twint(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_setup(sandbox, customer)
        sandbox.pay_checkout(page["url"], method="twint")
        assert state(sandbox, page)[0] == "complete"

    def test_a_declined_card_is_not_saved(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_setup(sandbox, customer)
        assert sandbox.pay_checkout(page["url"], card="4000000000000002") == page["url"]
        assert sandbox.get(f"/v1/payment_methods?customer={customer}")["data"] == []

    def test_refusing_saves_nothing(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_setup(sandbox, customer)
        assert sandbox.pay_checkout(page["url"], card="4000002500003155", approve=False) == page["url"]
        assert state(sandbox, page)[0] == "open"


class TestClosing:
    """A page that is closed cannot be paid."""

    def test_an_expired_page_takes_no_money(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        sandbox.api(f"/v1/checkout/sessions/{page['id']}/expire", {})
        status, _, text = sandbox.exchange("POST", page["url"], "method=card&number=4242424242424242")
        assert status == 410
        assert "https://panel.test/no" in text
        assert sandbox.journal() == []

    def test_a_dialog_of_an_expired_page_takes_no_money(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        dialog = sandbox.submit(page["url"], {**CARD, "number": "4000002760003184"})
        sandbox.api(f"/v1/checkout/sessions/{page['id']}/expire", {})
        sandbox.submit(dialog, {"decision": "approve"})
        assert sandbox.journal() == []
        assert state(sandbox, page) == ("expired", "unpaid")

    def test_a_paid_page_cannot_be_closed(self, sandbox: SandboxProcess, customer: str) -> None:
        page = open_page(sandbox, customer)
        sandbox.pay_checkout(page["url"])
        address = f"{sandbox.url}/v1/checkout/sessions/{page['id']}/expire"
        assert sandbox.exchange("POST", address)[0] == 400

    @pytest.mark.parametrize("hours", [0, 25])
    def test_closes_between_half_an_hour_and_a_day(
        self, sandbox: SandboxProcess, customer: str, hours: int
    ) -> None:
        with pytest.raises(RuntimeError, match="expires_at"):
            open_page(sandbox, customer, expires_at=str(int(time.time()) + hours * 3600))

    @pytest.mark.parametrize("path", ["/pay/cs_test_none", "/dialog/pi_none", "/", "/pay/", "/elsewhere"])
    def test_an_unknown_page_is_not_found(self, sandbox: SandboxProcess, path: str) -> None:
        assert show(sandbox, sandbox.url + path)[0] == 404

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.test", "https://a.test/\r\nX: y", ""])
    def test_refuses_to_send_people_elsewhere(
        self, sandbox: SandboxProcess, customer: str, address: str
    ) -> None:
        with pytest.raises(RuntimeError, match="400"):
            open_page(sandbox, customer, success_url=address)


class Fields(HTMLParser):
    """Collects inputs without a name that people hear, and inline scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.labelled = 0
        self.bare: list[str] = []
        self.handlers: list[str] = []
        self._labels = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._labels += tag == "label"
        if tag == "input" and values.get("type") != "hidden":
            (self.bare.append(str(values)) if not self._labels else None)
            self.labelled += bool(self._labels)
        self.handlers += [name for name in values if re.match("on", name)]

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"


def test_each_field_has_a_label(sandbox: SandboxProcess, customer: str) -> None:
    """UI-5: usable by keyboard and screen reader."""
    fields = Fields()
    fields.feed(show(sandbox, open_page(sandbox, customer)["url"])[1])
    assert fields.labelled == 6
    assert (fields.bare, fields.handlers) == ([], [])
