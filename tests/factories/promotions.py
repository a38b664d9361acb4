"""Promotional codes and free credits for tests, made by their verbs."""

from datetime import date
from itertools import count
from typing import Any

from billing.promotions.models import CartCode, FreeCredit, PromoCode
from billing.promotions.services import add_code, grant_credit
from manager.kit.actor import Actor, ActorKind
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.models import Plan
from tests.factories.payments import now

STAFF = Actor(ActorKind.STAFF, None, "Nora Keller")
LONG_AGO = date(2020, 1, 1)

_numbers = count(1)


def make_code(code: str = "", **values: Any) -> PromoCode:
    """Return a new code: 10 % of everything unless `amount` (CHF) or other terms are given."""
    terms: dict[str, Any] = {"kind": "percent", "percent": 1_000, "valid_from": LONG_AGO}
    if "amount" in values:
        terms = {"kind": "fixed", "currency": "CHF", "valid_from": LONG_AGO}
    return add_code(code=code or f"CODE{next(_numbers)}", values={**terms, **values}, actor=STAFF, at=now())


def put_in_cart(organization: Organization, *codes: PromoCode) -> None:
    """Let codes wait in the cart, whether they take something off or not."""
    with tenant_scope(organization.pk):
        for code in codes:
            CartCode.objects.create(organization_id=organization.pk, code=code, created_at=now())


def give_credit(organization: Organization, plan: Plan, **values: Any) -> FreeCredit:
    """Return a new free credit: a month of `plan` unless `amount` (CHF) is given."""
    amount = values.pop("amount", None)
    terms: dict[str, Any] = {
        "amount": Money(amount, "CHF") if amount else None,
        "months": None if amount else 1,
        "reason": "An outage",
        "valid_from": LONG_AGO,
        "valid_until": None,
    }
    with tenant_scope(organization.pk):
        return grant_credit(
            organization=organization, plan=plan, actor=STAFF, at=now(), **{**terms, **values}
        )


def reread_code(code: PromoCode) -> PromoCode:
    """Return the code as the database has it now."""
    return PromoCode.objects.get(pk=code.pk)
