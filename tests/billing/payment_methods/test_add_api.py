"""A program saves a new means (BIL-9, API-1)."""

import pytest

from billing.payment_methods.models import MethodSetup
from billing.payment_methods.setups import finish_setup
from manager.kit.scope import tenant_scope
from tests.factories.payments import ACTOR, now, provider
from tests.isolation.world import make_token


@pytest.fixture
def add(client, owner, organization):
    """Return what asks to save a means; it gives the status and the data or the refusal."""
    secret = make_token(owner, scopes=("billing:write",), bound=organization.pk)[1]

    def send(body, *, key=None, query=""):
        headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": key} if key else {})
        path = f"/api/1/organizations/{organization.pk}/payment-methods{query}"
        answer = client.post(path, body, content_type="application/json", headers=headers)
        told = answer.json()
        return answer.status_code, told.get("data") or told["error"]

    return send


def setups(organization):
    with tenant_scope(organization.pk):
        return list(MethodSetup.objects.filter(organization_id=organization.pk))


def test_opens_the_page_of_the_provider_once_for_each_key(psp, organization, add):
    """BIL-9, API-5: what is entered there is saved once the provider tells."""
    first, again = add({"kind": "card"}, key="a"), add({"kind": "card"}, key="a")
    assert first == again
    status, told = first
    assert (status, told["method"]) == (201, None)
    (setup,) = setups(organization)
    provider().pay_checkout(told["action_url"])
    with tenant_scope(organization.pk):
        assert finish_setup(setup=setup, actor=ACTOR, at=now()).method is not None
    assert provider().charges() == []


def test_takes_the_prepaid_account_at_once(organization, add):
    """BIL-10: no page; tried first, nothing is there."""
    assert add({"kind": "prepaid"}, query="?dry_run=true")[1]["method"]["kind"] == "prepaid"
    status, told = add({"kind": "prepaid"})
    assert (status, told["action_url"], told["method"]["kind"]) == (201, "", "prepaid")
    assert add({"kind": "prepaid"})[1]["method"]["id"] == told["method"]["id"]


def test_refuses_what_it_does_not_know_and_what_cannot_be_tried(psp, organization, add):
    """API-4, API-5: nothing is begun."""
    for body in ({}, {"kind": "gold"}, {"kind": ""}, []):
        assert add(body)[0] == 422
    assert add({"kind": "card"}, query="?dry_run=true")[1]["code"] == "dry_run_not_possible"
    assert setups(organization) == []
