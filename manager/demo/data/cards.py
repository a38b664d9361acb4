"""Saved cards of the demonstration, kept at the payments sandbox like real ones at a provider."""

import json
import urllib.parse
import urllib.request
from datetime import datetime

from django.conf import settings

from billing.gateway.registry import gateway_for
from billing.payment_methods.customers import ensure_customer
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.services import save_method
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization

# (organization, the sandbox's test card)
CARDS = (
    ("alpina", "pm_card_visa"),
    ("alpina", "pm_card_mastercard"),
    ("dupont", "pm_card_visa"),
    ("seeclub", "pm_card_chargeCustomerFail"),
    ("bianchi", "pm_card_visa"),
)


def save_cards(*, organizations: dict[str, Organization], at: datetime) -> None:
    """Save the cards; with a real provider's key there are none, as nobody entered any."""
    if not settings.STRIPE_API_BASE:
        return
    for key, card in CARDS:
        with tenant_scope(organizations[key].pk):
            save_card(organizations[key], card, at)


def save_card(organization: Organization, card: str, at: datetime) -> PaymentMethod:
    """Save one of the sandbox's test cards, in the scope of the organization."""
    gateway = gateway_for("stripe")
    customer = ensure_customer(organization=organization, gateway=gateway)
    means = gateway.describe_means(means_reference=_attach(card, customer))
    return save_method(
        organization_id=organization.pk,
        gateway=gateway.name,
        means=means,
        actor=Actor.system("demonstration"),
        at=at,
    )


def _attach(card: str, customer: str) -> str:
    """Save a test card at the sandbox for later charges, as its hosted page would; return its reference."""
    answer = _post(
        "/v1/setup_intents",
        {"customer": customer, "payment_method": card, "confirm": "true", "usage": "off_session"},
    )
    return str(answer["payment_method"])


def _post(path: str, fields: dict[str, str]) -> dict[str, object]:
    request = urllib.request.Request(
        settings.STRIPE_API_BASE + path,
        data=urllib.parse.urlencode(fields).encode(),
        headers={"Authorization": f"Bearer {settings.STRIPE_API_KEY}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        result: dict[str, object] = json.load(answer)
    return result
