"""Promotional codes and free credits in the operation that orders (API-1, BIL-13)."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from billing.orders.models import CartLine
from billing.orders.selectors import PricedCart
from billing.orders.services.credit import find_credit
from billing.promotions.errors import CodeRefused
from billing.promotions.forms import MAX_CODE
from billing.promotions.models import PromoCode
from billing.promotions.services import find_entered
from billing.promotions.services.cart import MOST_CODES
from manager.kit.clock import day_in
from manager.kit.ids import MAX_ID
from organizations.access.api import OrganizationAPIRequest


class CodesField(serializers.ListField):
    """Promotional codes, in any order."""

    def __init__(self, **options: Any) -> None:
        child = serializers.CharField(max_length=MAX_CODE)
        super().__init__(child=child, max_length=MOST_CODES, required=False, default=list, **options)


class CreditField(serializers.IntegerField):
    """The id of a free credit for a line, or null."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=1, max_value=MAX_ID, required=False, allow_null=True, default=None, **options
        )


def read_codes(request: OrganizationAPIRequest, texts: Sequence[str]) -> list[PromoCode]:
    """Return the codes of an order.

    :raises ValidationError: one is not known, or not valid, beside `codes`.
    :raises TooManyGuesses: too many unknown ones within an hour.
    """
    on = day_in(request.organization.time_zone, request.at)
    try:
        return find_entered(organization=request.organization, texts=texts, on=on)
    except CodeRefused as error:
        raise serializers.ValidationError({"codes": [str(error)]}) from error


def require_taken(priced: PricedCart) -> None:
    """Refuse an offer in which a code takes nothing off.

    :raises ValidationError: so it is, with the code and the reason beside `codes`.
    """
    for entered in priced.lowered.codes:
        if entered.refused is not None:
            raise serializers.ValidationError({"codes": [f"{entered.code.code}: {entered.refused}"]})


def put_credit(request: OrganizationAPIRequest, line: CartLine, credit_id: int | None) -> CartLine:
    """Use a free credit for a line of an order.

    :raises CreditRefused: the organization has none like this for the line's plan.
    """
    if credit_id is not None:
        on = day_in(request.organization.time_zone, request.at)
        line.free_credit = find_credit(
            organization=request.organization, plan=line.plan, credit_id=credit_id, on=on
        )
    return line
