"""Send the sandbox's own events to our door, as its provider would."""

import json
import time
from random import Random

from django.conf import settings
from django.test import Client

from manager.demo.psp.webhooks import sign
from tests.factories.payments import provider

URL = "/webhooks/stripe/"


def list_all(prefix: str = "") -> list[dict]:
    """Return the provider's events whose type begins so, oldest first."""
    found: list[dict] = []
    after = ""
    while True:
        page = provider().get(f"/v1/events?limit=100{after}")
        found += page["data"]
        if not page["has_more"]:
            return [event for event in reversed(found) if event["type"].startswith(prefix)]
        after = f"&starting_after={found[-1]['id']}"


def send(event: dict, client: Client, *, secret: str = "", age: int = 0) -> int:
    """Deliver one event; return the status of our answer."""
    payload = json.dumps(event).encode()
    header = sign(payload, secret=secret or settings.STRIPE_WEBHOOK_SECRET, at=int(time.time()) - age)
    answer = client.post(URL, payload, content_type="application/json", headers={"Stripe-Signature": header})
    return answer.status_code


def send_all(*, prefix: str, times: int, chance: Random) -> None:
    """Deliver each event so many times, in any order."""
    work = list_all(prefix) * times
    chance.shuffle(work)
    client = Client()
    assert {send(event, client) for event in work} == {200}
