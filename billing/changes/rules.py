"""What an offer can be changed to, and when (PRD-10, PRD-14); pages and verbs ask here."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from manager.kit.clock import add_months
from manager.kit.errors import DomainError, Text
from products.catalog.models import Plan
from products.catalog.selectors import list_plans
from products.inventory.models import Product
from products.inventory.status import ProductStatus

VALID_FOR = timedelta(minutes=15)
"""So long a quote can be accepted."""

NOT_RUNNING = _("Only the offer of a running product can be changed. Renew it first.")


class ShorterTooEarly(DomainError):
    """A shorter period can be chosen only in the last month of the paid time (PRD-10)."""

    code = "shorter_period_too_early"
    status = 422
    field = "months"
    message = _("A shorter period can be chosen in the last month of the paid time.")


def refusal_of(product: Product, today: date) -> Text | None:
    """Return why the offer of `product` cannot be changed now, or None if it can."""
    if product.status != ProductStatus.ACTIVE or product.expires_on is None or product.expires_on <= today:
        return NOT_RUNNING
    return None


def shorter_from(product: Product) -> date:
    """Return the first day on which a shorter period can be chosen: a month before the paid time ends."""
    if product.expires_on is None:
        raise ShorterTooEarly
    return add_months(product.expires_on, -1, anchor=product.anchor_day)


def list_choices(product: Product) -> list[Plan]:
    """Return the plans that `product` can have: its own, and those of its family served by the same module.

    A domain keeps its extension.
    """
    if product.plan.needs_domain_name:
        return [product.plan]
    plans = [plan for plan in list_plans(family=product.plan.family) if plan.kind == product.plan.kind]
    return plans if product.plan in plans else [product.plan, *plans]
