"""The provider's messages as a storm: duplicated, shuffled, late, some forged; and straight, once each."""

from collections import Counter
from random import Random
from typing import Any

from django.test import Client

from billing.ledger.models import AccountKind
from billing.payments.models import PaymentAttempt
from billing.webhooks.models import ProviderEvent
from billing.webhooks.periodic import drain_provider_events
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.billing.webhooks.sending import list_all, send
from tests.factories.cast import make_tenant
from tests.factories.payments import entries_of, make_order_invoice, now, open_checkout, provider

PAGES = 8


def make_payments() -> Organization:
    """Return an organization with pages: most paid, one left open, one paid and disputed."""
    organization = make_tenant()
    for number in range(PAGES):
        invoice, _ = make_order_invoice(organization)
        attempt = open_checkout(invoice)
        if number < PAGES - 1:
            provider().pay_checkout(attempt.redirect_url)
    paid = [row for row in provider().get("/v1/payment_intents?limit=100")["data"] if row["latest_charge"]]
    newest = next(row for row in paid if row["metadata"]["organization"] == str(organization.pk))
    provider().dispute(newest["id"])
    return organization


def state_of(organization: Organization) -> dict[str, Any]:
    """Return what is left of it all, without ids: attempts, invoices and each account."""
    with tenant_scope(organization.pk):
        attempts = PaymentAttempt.objects.values_list("status", "invoice__status", "amount")
        found: dict[str, Any] = {"attempts": Counter(attempts)}
    for kind in AccountKind:
        found[kind.value] = sorted(entries_of(organization, kind))
    return found


def weather(count: int) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Send `count` messages of one organization in a storm, those of its twin straight; return both ends.

    The third is how many forged ones were let in.
    """
    chance = Random(11)
    stormy, straight = make_payments(), make_payments()
    events = list_all()
    intents = {
        event["data"]["object"]["payment_intent"]: event["data"]["object"]["metadata"].get("organization")
        for event in events
        if event["data"]["object"].get("payment_intent")
        and event["data"]["object"].get("metadata", {}).get("organization")
    }

    def owner_of(event: dict[str, Any]) -> str:
        thing = event["data"]["object"]
        return str(
            thing.get("metadata", {}).get("organization") or intents.get(thing.get("payment_intent"), "")
        )

    client = Client()
    for event in events:
        if owner_of(event) == str(straight.pk):
            assert send(event, client) == 200
    mine = [event for event in events if owner_of(event) == str(stormy.pk)]
    late = mine[: len(mine) // 4]
    forged = count // 20
    storm = [(chance.choice(mine), False) for _ in range(count - forged - len(mine))]
    storm += [(event, False) for event in mine if event not in late]
    storm += [({**chance.choice(mine), "id": f"evt_forged_{number}"}, True) for number in range(forged)]
    chance.shuffle(storm)
    storm += [(event, False) for event in late]
    for event, is_forged in storm:
        answer = send(event, client, secret="whsec_guessed") if is_forged else send(event, client)
        assert answer == (400 if is_forged else 200)
    drain_provider_events(at=now())
    let_in = ProviderEvent.objects.filter(reference__startswith="evt_forged").count()
    return state_of(stormy), state_of(straight), let_in
