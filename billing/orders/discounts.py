"""Codes and free credits on the lines of a cart (PRD-3, BIL-13)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from billing.promotions.compute import Share
from billing.promotions.lowering import Line, Lowered, lower_prices
from billing.promotions.models import PromoCode
from billing.tax.quote import LineInput
from manager.kit.money import Money
from organizations.profile.models import Organization

if TYPE_CHECKING:
    from billing.orders.selectors import PricedLine

Shares = tuple[tuple[Share, ...], ...]


def lines_to_lower(sold: "Sequence[PricedLine]") -> list[Line]:
    """Return a line for each part of what is sold; a free credit is for the plan, the first part."""
    return [
        Line(
            plan=row.line.plan.slug,
            family=row.line.plan.family.slug,
            plan_id=row.line.plan_id,
            months=row.months,
            unit=part.unit,
            price=part.money,
            credit_id=row.line.free_credit_id if index == 0 else None,
        )
        for row in sold
        for index, part in enumerate(row.parts)
    ]


def lower_lines(
    *, organization: Organization, sold: "Sequence[PricedLine]", codes: Sequence[PromoCode], on: date
) -> "tuple[list[PricedLine], Lowered]":
    """Return the lines with what is taken off each of their parts, and the whole of it."""
    lowered = lower_prices(organization=organization, lines=lines_to_lower(sold), codes=codes, on=on)
    shares = iter(lowered.shares)
    return [replace(row, shares=tuple(next(shares) for _part in row.parts)) for row in sold], lowered


def with_discounts(rows: Sequence[LineInput], shares: Shares) -> list[LineInput]:
    """Return the lines of an invoice with what is taken off each of them."""
    if not shares:
        return list(rows)
    return [
        replace(
            row,
            discount=Money.total((share.amount for share in part), row.unit.currency),
            discounted_by=", ".join(share.label for share in part),
        )
        if part
        else row
        for row, part in zip(rows, shares, strict=True)
    ]
