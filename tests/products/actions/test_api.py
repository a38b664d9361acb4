"""The API of actions (API-1, PRD-13)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.clock import now
from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from products.provisioning.models import ServiceAction
from tests.isolation.world import make_token

SCOPES = ("products:read", "products:write")


@pytest.fixture
def headers(owner: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {make_token(owner, scopes=SCOPES, at=now() - timedelta(minutes=1))[1]}"}


def path_of(product: Product, *more: object) -> str:
    parts = "/".join(str(part) for part in ("actions", *more))
    return f"/api/1/organizations/{product.organization_id}/products/{product.pk}/{parts}"


def post(client: Client, product: Product, body: object, headers: dict[str, str]) -> tuple[int, dict]:
    answer = client.post(path_of(product), body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_lists_asks_and_cancels(client: Client, nas: Product, headers: dict[str, str]) -> None:
    """PRD-13: what can be asked, asked, pending, taken back; the token stands in the log."""
    offered = client.get(path_of(nas), headers=headers).json()["data"]["offered"]
    assert [(one["slug"], one["is_dangerous"], one["delay_seconds"]) for one in offered] == [
        ("restart", False, 0),
        ("soft-reset", True, 900),
        ("hard-reset", True, 900),
    ]
    status, answer = post(client, nas, {"action": "soft-reset"}, headers)
    task = answer["data"]["task"]
    assert (status, answer["result"], task["state"]) == (202, "asynchronous", "pending")
    asked = client.get(task["address"], headers=headers).json()["data"]
    assert (asked["status"], asked["may_be_cancelled"]) == ("waiting", True)
    cancelled = client.delete(path_of(nas, asked["id"]), headers=headers)
    assert cancelled.json()["data"]["status"] == "cancelled"
    assert client.get(path_of(nas), headers=headers).json()["data"]["asked"][0]["status"] == "cancelled"
    kinds = AuditEvent.objects.using("system").filter(name__startswith="product.action")
    assert set(kinds.values_list("actor_kind", flat=True)) == {"token"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"action": ""}, 422),
        ({"action": "a" * 51}, 422),
        ({"action": "re start"}, 422),
        ({"action": ["restart"]}, 422),
        ({"action": "restart", "parameters": "x"}, 422),
        ({"action": "restart", "parameters": {"a": {"b": 1}}}, 422),
        ({"action": "explode"}, 404),
        ([], 422),
    ],
    ids=["nothing", "empty", "long", "blank", "list", "text", "deep", "unknown", "array"],
)
def test_refuses_what_is_no_action(
    client: Client, nas: Product, headers: dict[str, str], body: object, status: int
) -> None:
    """INC-5: 4xx and nothing asked."""
    assert post(client, nas, body, headers)[0] == status
    assert not ServiceAction.objects.using("system").exists()


def test_the_second_is_told_that_it_is_pending(client: Client, nas: Product, headers: dict[str, str]) -> None:
    """PRD-13: 409 with a code for scripts."""
    post(client, nas, {"action": "restart"}, headers)
    status, answer = post(client, nas, {"action": "restart"}, headers)
    assert (status, answer["error"]["code"]) == (409, "action_pending")


def test_reading_needs_its_scope_and_asking_the_other(client: Client, nas: Product, owner: User) -> None:
    """API-2: a token that may only read asks for nothing."""
    reader = {"Authorization": f"Bearer {make_token(owner, scopes=SCOPES[:1])[1]}"}
    assert client.get(path_of(nas), headers=reader).status_code == 200
    assert post(client, nas, {"action": "restart"}, reader)[0] == 403
