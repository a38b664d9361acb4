"""Promotional codes of the demonstration, and a free credit after an outage."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.users.models import User
from billing.promotions.services import add_code, close_code, grant_credit
from manager.demo.data.staff import STAFF
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.selectors import get_plan

PLAN = "web-hosting"


def offer_promotions(
    *, organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime
) -> None:
    """Offer codes of each kind, also one that is over, and give Alpina three months of web hosting."""
    person, today = users[STAFF], at.date()
    staff = Actor(ActorKind.STAFF, person.pk, person.name)
    begun = today - timedelta(days=90)
    codes: dict[str, dict[str, Any]] = {
        "WELCOME10": {
            "kind": "percent",
            "percent": 1_000,
            "first_order_only": True,
            "limit_per_organization": 1,
            "note": "For new customers",
        },
        "WEB15": {"kind": "percent", "percent": 1_500, "families": ["web"], "note": "Hosting campaign"},
        "MINUS20": {
            "kind": "fixed",
            "amount": 2_000,
            "currency": "CHF",
            "minimum_amount": 10_000,
            "limit_total": 500,
            "note": "Fair in Zürich",
        },
        "SUMMER": {"kind": "percent", "percent": 2_000, "valid_until": today - timedelta(days=30)},
        "PARTNER": {"kind": "percent", "percent": 500, "note": "Replaced by an agreement"},
    }
    for code, terms in codes.items():
        added = add_code(code=code, values={"valid_from": begun, **terms}, actor=staff, at=at)
        if code == "PARTNER":
            close_code(code=added, actor=staff, at=at)
    organization = organizations["alpina"]
    with tenant_scope(organization.pk):
        grant_credit(
            organization=organization,
            plan=get_plan(slug=PLAN),
            amount=None,
            months=3,
            reason="Thank you for your patience during the outage",
            valid_from=begun,
            valid_until=today + timedelta(days=120),
            actor=staff,
            at=at,
        )
