"""A program tops up the prepaid account (BIL-7, API-1)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.users.models import User
from billing.ledger.models import AccountKind
from billing.payment_methods.services import use_prepaid
from billing.payments.models import PaymentAttempt
from billing.payments.services import RequestKeyReused, refresh_attempt
from billing.prepaid.services import top_up_with_method
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.amounts import chf
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import ACTOR, entries_of, make_method, now, provider
from tests.isolation.world import make_token

FIFTY = chf(5000)
Send = Callable[..., tuple[int, Any]]


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def organization(owner: User) -> Organization:
    return make_tenant(owner)


@pytest.fixture
def send(owner: User, organization: Organization) -> Send:
    """Return what asks for a top-up; it gives the status and the data or the refusal."""
    secret = make_token(owner, scopes=("billing:write",), bound=organization.pk)[1]

    def sent(body: dict[str, Any], *, key: str | None = None, query: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": key} if key else {})
        path = f"/api/1/organizations/{organization.pk}/prepaid/top-ups{query}"
        answer = Client(headers=headers).post(path, json.dumps(body), content_type="application/json")
        told = answer.json()
        return answer.status_code, told.get("data") or told["error"]

    return sent


def attempts(organization: Organization) -> list[PaymentAttempt]:
    with tenant_scope(organization.pk):
        return list(PaymentAttempt.objects.filter(organization_id=organization.pk).order_by("pk"))


def test_charges_a_saved_means_once_for_each_key(psp: Any, organization: Organization, send: Send) -> None:
    """BIL-7, API-5: the money is there at once, and once."""
    method = make_method(organization)
    body = {"amount": FIFTY, "method": method.pk}
    first, again = send(body, key="a"), send(body, key="a")
    assert first == again
    status, payment = first
    assert (status, payment["purpose"], payment["status"], payment["amount"]) == (
        201,
        "top_up",
        "succeeded",
        FIFTY,
    )
    assert (payment["method_id"], payment["invoice_id"], payment["action_url"]) == (method.pk, None, "")
    assert entries_of(organization, AccountKind.PREPAID) == [5000]
    assert send({**body, "amount": chf(6000)}, key="a")[1]["code"] == "idempotency_key_reused"
    assert send(body, key="b")[0] == 201
    assert entries_of(organization, AccountKind.PREPAID) == [5000, 5000]
    assert len(provider().charges()) == 2


def test_the_key_holds_when_the_kept_answer_is_gone(psp: Any, organization: Organization) -> None:
    """API-5: the attempt itself bears it; another sum, means or purpose is refused."""
    method, other = make_method(organization), make_method(organization, "pm_card_mastercard")
    asked: dict[str, Any] = {"organization": organization, "actor": ACTOR, "at": now(), "request_key": "k"}
    with tenant_scope(organization.pk):
        first = top_up_with_method(money=Money(5000, "CHF"), method=method, **asked)
        assert top_up_with_method(money=Money(5000, "CHF"), method=method, **asked).pk == first.pk
        for sum_, means in ((5001, method), (5000, other)):
            with pytest.raises(RequestKeyReused):
                top_up_with_method(money=Money(sum_, "CHF"), method=means, **asked)
    assert len(provider().charges()) == 1


def test_tells_where_the_bank_asks_for_approval(psp: Any, organization: Organization, send: Send) -> None:
    """BIL-11: nothing is there before the person was at the bank."""
    method = make_method(organization, "pm_card_authenticationRequired")
    status, payment = send({"amount": FIFTY, "method": method.pk})
    assert (status, payment["status"], bool(payment["action_url"])) == (201, "requires_action", True)
    assert entries_of(organization, AccountKind.PREPAID) == []
    provider().submit(payment["action_url"], {"decision": "approve"})
    (attempt,) = attempts(organization)
    with tenant_scope(organization.pk):
        refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
    assert entries_of(organization, AccountKind.PREPAID) == [5000]


def test_opens_the_page_of_the_provider(psp: Any, organization: Organization, send: Send) -> None:
    """BIL-7: as the page of the account does."""
    status, payment = send({"amount": FIFTY, "kind": "card"})
    assert (status, payment["status"]) == (201, "requires_action")
    provider().pay_checkout(payment["action_url"])
    (attempt,) = attempts(organization)
    with tenant_scope(organization.pk):
        refresh_attempt(attempt=attempt, actor=ACTOR, at=now())
    assert entries_of(organization, AccountKind.PREPAID) == [5000]


def test_a_declined_means_tops_nothing_up(psp: Any, organization: Organization, send: Send) -> None:
    """BIL-11."""
    method = make_method(organization)
    provider().set_means(method.reference, behaviour="decline_charge:insufficient_funds")
    status, payment = send({"amount": FIFTY, "method": method.pk})
    assert (status, payment["status"], payment["decline_code"]) == (201, "failed", "insufficient_funds")
    assert entries_of(organization, AccountKind.PREPAID) == []


def test_refuses_what_is_out_of_the_limits_or_of_reach(
    psp: Any, organization: Organization, send: Send
) -> None:
    """BIL-7, INC-1: sums, currencies, means of others, both ways at once; nothing is begun."""
    mine, foreign = make_method(organization), make_method(make_tenant())
    for amount in (chf(9), chf(999_901), chf(-5), {"amount": 5000, "currency": "EUR"}, 5000, None):
        status, error = send({"amount": amount, "method": mine.pk})
        assert (status, "amount" in error["context"]["fields"]) == (422, True)
    with tenant_scope(organization.pk):
        account = use_prepaid(organization=organization, actor=ACTOR, at=now())
    refused = [
        send({"amount": FIFTY}),
        send({"amount": FIFTY, "method": mine.pk, "kind": "card"}),
        send({"amount": FIFTY, "kind": "gold"}),
        send({"amount": FIFTY, "method": account.pk}),
    ]
    assert [status for status, _error in refused] == [422] * 4
    assert refused[-1][1]["code"] == "means_unfit"
    assert send({"amount": FIFTY, "method": foreign.pk})[0] == 404
    assert attempts(organization) == []
    assert provider().charges() == []


def test_cannot_be_tried(psp: Any, organization: Organization, send: Send) -> None:
    """API-5: the provider is not asked; all checks come before."""
    method = make_method(organization)
    for body in ({"amount": FIFTY, "method": method.pk}, {"amount": FIFTY, "kind": "card"}):
        assert send(body, query="?dry_run=true")[1]["code"] == "dry_run_not_possible"
    assert (
        send({"amount": chf(1), "method": method.pk}, query="?dry_run=true")[1]["code"] == "validation_failed"
    )
    assert attempts(organization) == []


def test_what_began_is_not_begun_again_by_its_key(psp: Any, organization: Organization, send: Send) -> None:
    """API-5: the page was opened and its answer lost; the same refusal comes again, and no second page."""
    lost = {"match": {"method": "POST", "path": "/v1/checkout/sessions"}, "kind": "error_500_after_success"}
    provider().faults(lost)
    body = {"amount": FIFTY, "kind": "card"}
    first = send(body, key="a")
    assert (first[0], first[1]["code"]) == (503, "payment_provider_unavailable")
    assert send(body, key="a") == first
    assert len(attempts(organization)) == 1
    assert send(body, key="b")[0] == 201
