"""The API of the mail service (API-1, MAIL-1)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.clock import now
from products.inventory.models import Product
from tests.factories.mail import PASSWORD, make_mailbox
from tests.isolation.world import make_token

SCOPES = ("products:read", "products:write")
Answer = tuple[int, Any]


class Caller:
    """Calls operations of one product with a token."""

    def __init__(self, client: Client, product: Product, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}
        self.base = f"/api/1/organizations/{product.organization_id}/products/{product.pk}"

    def __call__(self, method: str, path: str, body: object = None) -> Answer:
        given = {"data": body, "content_type": "application/json"} if body is not None else {}
        answer = getattr(self.client, method)(f"{self.base}/{path}", headers=self.headers, **given)
        found = answer.json()
        return answer.status_code, found.get("data", found.get("error"))


@pytest.fixture
def call(client: Client, mail: Product, owner: User) -> Caller:
    return Caller(client, mail, make_token(owner, scopes=SCOPES, at=now() - timedelta(minutes=1))[1])


def test_a_mailbox_lives_over_the_api(call: Caller) -> None:
    """MAIL-1: made, changed, tested, deleted; no answer holds a password or its hash."""
    status, made = call("post", "mailboxes", {"name": "anna", "password": PASSWORD, "quota_gb": 5})
    assert (status, made["address"], made["status"], made["reply"]) == (
        201,
        "anna@example.ch",
        "pending",
        None,
    )
    assert not {"password", "password_hash"} & made.keys()
    path = f"mailboxes/{made['id']}"
    reply = {"subject": "Away", "text": "Back soon.", "starts_on": "2027-01-10", "ends_on": None}
    status, changed = call("patch", path, {"is_suspended": True, "reply": reply, "is_shared": True})
    assert (status, changed["is_suspended"], changed["reply"], changed["quota_gb"]) == (200, True, reply, 5)
    assert call("patch", path, {"reply": None})[1]["reply"] is None
    assert call("post", f"{path}/test", {"password": PASSWORD}) == (200, {"is_right": True})
    assert call("post", f"{path}/password", {"password": "seven-lantern-orchid-bridge"})[0] == 200
    assert call("post", f"{path}/test", {"password": PASSWORD}) == (200, {"is_right": False})
    assert [row["id"] for row in call("get", "mailboxes?search=ANN")[1]] == [made["id"]]
    assert call("delete", path)[1]["status"] == "leaving"
    assert call("delete", path)[0] == 409


def test_aliases_and_redirections_over_the_api(call: Caller, mail: Product, at: datetime) -> None:
    """MAIL-1: a mailbox makes an alias, targets a redirection; one of the two."""
    box = make_mailbox(mail, at=at)
    status, alias = call("post", "mail-routes", {"name": "info", "mailbox": box.pk})
    assert (status, alias["kind"], alias["mailbox"]) == (201, "alias", box.pk)
    status, route = call("post", "mail-routes", {"name": "team", "targets": ["A@Example.org"]})
    assert (status, route["kind"], route["targets"]) == (201, "redirection", ["a@example.org"])
    assert call("get", f"mail-routes/{route['id']}")[1] == route
    assert [row["address"] for row in call("get", "mail-routes?filter[kind]=alias")[1]] == ["info@example.ch"]
    assert call("post", "mail-routes", {"name": "x"})[0] == 422
    assert (
        call("post", "mail-routes", {"name": "x", "mailbox": box.pk, "targets": ["a@example.org"]})[0] == 422
    )
    other = make_mailbox(mail, "bruno", at=at)
    assert call("patch", f"mail-routes/{alias['id']}", {"mailbox": other.pk})[1]["mailbox"] == other.pk
    changed = call("patch", f"mail-routes/{route['id']}", {"targets": ["b@example.org"]})[1]
    assert (changed["targets"], changed["keeps_copy"]) == (["b@example.org"], False)
    assert call("patch", f"mail-routes/{alias['id']}", {"targets": ["b@example.org"]})[0] == 409
    assert call("patch", f"mail-routes/{route['id']}", {})[0] == 422
    assert call("delete", f"mail-routes/{alias['id']}")[1]["status"] == "leaving"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "anna"}, 422),
        ({"name": "anna", "password": "short"}, 422),
        ({"name": "anna", "password": PASSWORD, "quota_gb": 0}, 422),
        ({"name": "anna", "password": PASSWORD, "quota_gb": 10**9}, 422),
        ({"name": "a@b", "password": PASSWORD}, 422),
        ([], 422),
    ],
    ids=["no-password", "weak", "no-room", "much-room", "no-name", "array"],
)
def test_refuses_what_is_no_mailbox(call: Caller, body: object, status: int) -> None:
    """INC-5: 4xx and nothing made."""
    assert call("post", "mailboxes", body)[0] == status
    assert call("get", "mailboxes") == (200, [])


def test_other_products_have_no_mailboxes(call: Caller, mail: Product, owner: User, client: Client) -> None:
    """INC-1: 404 for a product that is something else, and for a stranger."""
    assert call("get", "mailboxes/987654321")[0] == 404
    domain = Product.objects.using("system").get(plan__kind="domain")
    call.base = call.base.replace(f"products/{mail.pk}", f"products/{domain.pk}")
    assert call("get", "mailboxes")[0] == 404
    assert call("post", "mailboxes", {"name": "anna", "password": PASSWORD})[0] == 404
