"""`dry_run=true`: validated, priced, rolled back (API-5)."""

import json

from django.db import transaction

from accounts.requests.models import SentRequest
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import Journal
from billing.orders.models import Order
from billing.payments.models import PaymentAttempt
from manager.kit import dryrun
from manager.kit.ratelimit import take
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.audit.models import AuditEvent
from organizations.teams.models import Team
from tests.factories.amounts import chf
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.payments import fill_prepaid, make_method, make_order_invoice, provider
from tests.factories.products import make_plan, reread
from tests.isolation.world import make_token

TEAM = {"name": "Night shift", "color": "blue"}


def rows(organization) -> dict[str, int]:
    with tenant_scope(organization.pk):
        counted = {
            model.__name__: model.objects.filter(organization_id=organization.pk).count()
            for model in (Team, Order, PaymentAttempt, Journal, AuditEvent)
        }
    return {**counted, "events": OutboxEvent.objects.count(), "requests": SentRequest.objects.count()}


def test_answers_as_if_and_leaves_nothing(owner, organization, send):
    """API-5: rows, audit, and events are rolled back; the key stays free; refusals are the real ones."""
    poor = make_token(owner, scopes=("organizations:read",), bound=organization.pk)[1]
    before = rows(organization)
    tried = send("POST", "teams?dry_run=true", TEAM, key="a")
    assert tried.status_code == 200
    assert (tried.json()["result"], tried.json()["dry_run"]) == ("success", True)
    assert tried.json()["data"]["name"] == "Night shift"
    assert send("POST", "teams?dry_run=true", {"name": ""}).status_code == 422
    assert send("DELETE", "teams/99999?dry_run=true").status_code == 404
    unknown = send("POST", "teams?dry_run=maybe", TEAM)
    assert list(unknown.json()["error"]["context"]["fields"]) == ["dry_run"]
    assert send("POST", "teams?dry_run=true", TEAM, token=poor).status_code == 403
    assert rows(organization) == before

    made = send("POST", "teams?dry_run=false", TEAM, key="a")
    assert (made.status_code, "dry_run" in made.json()) == (201, False)
    team = made.json()["data"]["id"]
    gone = send("DELETE", f"teams/{team}?dry_run=true")
    assert (gone.status_code, gone.json()["dry_run"]) == (200, True)
    assert send("GET", f"teams/{team}").status_code == 200


def test_pays_from_the_balance_and_takes_it_back(organization, send):
    """BIL-7: a verb whose transaction is durable by itself; the ledger is checked as by a commit."""
    make_legal_entity()
    invoice, _ = make_order_invoice(organization)
    fill_prepaid(organization, 50_000)
    before = rows(organization)
    tried = send("POST", f"invoices/{invoice.pk}/pay?dry_run=true", {"prepaid": True})
    assert (tried.status_code, tried.json()["data"]["status"]) == (200, "succeeded")
    assert rows(organization) == before
    assert reread(invoice, organization).status != InvoiceStatus.PAID
    assert send("POST", f"invoices/{invoice.pk}/pay", {"prepaid": True}).status_code == 201


def test_tells_the_price_of_an_order(owner, organization, send):
    """PRD-3: the same amount that the order would have."""
    make_legal_entity()
    make_address(organization, is_default=True)
    secret = make_token(owner, scopes=("products:write",), bound=organization.pk)[1]
    line = {"plan": make_plan().slug, "months": 12, "quantity": 1, "name": "mail"}
    offer = send("POST", "orders?dry_run=true", {"lines": [line]}, token=secret).json()
    total = offer["data"]["total_amount"]
    body = {"lines": [line], "confirmed_total": total}
    before = rows(organization)
    tried = send("POST", "orders?dry_run=true", body, token=secret)
    assert (tried.status_code, tried.json().get("dry_run")) == (200, True), tried.json()
    assert total in json.loads(tried.content)["data"].values()
    assert rows(organization) == before
    wrong = send(
        "POST", "orders?dry_run=true", {**body, "confirmed_total": chf(total["amount"] + 1)}, token=secret
    )
    assert 400 <= wrong.status_code < 500


def test_asks_no_provider(psp, organization, send):
    """BIL-16: after all checks it says that it cannot be tried; nothing reached the provider."""
    make_legal_entity()
    method = make_method(organization)
    invoice, _ = make_order_invoice(organization)
    asked, before = len(psp.journal()), rows(organization)
    path = f"invoices/{invoice.pk}/pay?dry_run=true"
    for tried in (
        send("POST", path, {"method": method.pk}),
        send("DELETE", f"payment-methods/{method.pk}?dry_run=true"),
    ):
        assert (tried.status_code, tried.json()["error"]["code"]) == (422, "dry_run_not_possible")
    assert send("POST", path, {"method": method.pk + 1}).status_code == 404
    assert (len(psp.journal()), rows(organization)) == (asked, before)
    assert provider().charges() == []
    assert send("GET", "payment-methods").json()["data"][0]["id"] == method.pk


def test_waits_for_nobody_for_long(organization, send, superuser_connection, monkeypatch):
    """API-5: somebody else holds the row: later, with the time to wait."""
    team = send("POST", "teams", TEAM).json()["data"]["id"]
    monkeypatch.setattr(dryrun, "LOCK_TIMEOUT", "20ms")
    with superuser_connection.transaction():
        superuser_connection.execute("SELECT 1 FROM organizations_team WHERE id = %s FOR UPDATE", [team])
        busy = send("PATCH", f"teams/{team}?dry_run=true", {"name": "Day shift"})
    assert (busy.status_code, busy.json()["error"]["code"]) == (503, "unavailable_for_the_moment")
    assert busy["Retry-After"]


def test_gives_back_what_it_counted_unless_refused():
    """ACC-17: what goes well costs nothing, guessing by tries counts; nothing waits for a commit."""
    ran = []
    with dryrun.dry_run():
        transaction.on_commit(lambda: ran.append("committed"))
        assert take("tried", 2, 60).remaining == 1
    assert ran == []
    assert take("tried", 2, 60).remaining == 1
    try:
        with dryrun.dry_run():
            take("tried", 2, 60)
            dryrun.leave_the_house()
    except dryrun.DryRunNotPossible:
        assert not take("tried", 2, 60).allowed
