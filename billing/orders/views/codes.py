"""Promotional codes at the checkout (PRD-3, BIL-13)."""

from django.contrib import messages
from django.utils.translation import gettext as _

from billing.orders.discounts import lines_to_lower
from billing.orders.selectors import PricedCart
from billing.promotions.forms import EnterCodeForm
from billing.promotions.services import enter_code, remove_code
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.ids import parse_id
from organizations.access.guard import OrganizationRequest

ENTER, REMOVE = "enter_code", "remove_code"
ACTS = frozenset({ENTER, REMOVE})


def change_codes(request: OrganizationRequest, priced: PricedCart) -> tuple[EnterCodeForm, int]:
    """Enter or remove a code as the form of the checkout asks; return the form, and the status of a refusal.

    The status is 200 where it was done.
    """
    if request.POST.get("do") == REMOVE:
        if code_id := parse_id(request.POST.get("code_id", "")):
            remove_code(organization=request.organization, code_id=code_id)
        return EnterCodeForm(), 200
    form = EnterCodeForm(request.POST)
    if not form.is_valid():
        return form, 422
    try:
        code = enter_code(
            organization=request.organization,
            text=form.cleaned_data["code"],
            lines=lines_to_lower(priced.lines),
            on=day_in(request.organization.time_zone, request.at),
            at=request.at,
        )
    except DomainError as refused:
        form.add_error("code" if refused.field == "code" else None, str(refused))
        return form, refused.status
    messages.success(request, _("The code %(code)s lowers your order.") % {"code": code.code})
    return form, 200
