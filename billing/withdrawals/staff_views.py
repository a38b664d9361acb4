"""The back office's pages of withdrawals: approve, make files, note what came of them (BIL-7)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.withdrawals.disputed import mark_disputed
from billing.withdrawals.errors import NothingToPayOut
from billing.withdrawals.files import payment_orders, paypal_list
from billing.withdrawals.forms import SelectionForm, WithdrawalFilter
from billing.withdrawals.models import PayoutMeans, Withdrawal
from billing.withdrawals.rights import PAY_OUT
from billing.withdrawals.selectors import (
    find_withdrawals,
    get_batch,
    list_batches,
    list_withdrawals_of_all,
)
from billing.withdrawals.services import (
    approve_withdrawal,
    make_batch,
    pay_withdrawal,
    refuse_withdrawal,
    return_withdrawal,
)
from manager.kit.downloads import give_file, give_table
from manager.kit.errors import DomainError
from manager.kit.fields import CURRENCIES
from manager.kit.filtered_list import filtered_list
from manager.kit.ids import MOST_SELECTED, parse_id
from manager.kit.scope import tenant_scope


@require_safe
@staff_view(PAY_OUT)
def withdrawals(request: StaffRequest) -> HttpResponse:
    """List the withdrawals of all organizations, newest first, and the files made of them."""
    context = filtered_list(request, filters=WithdrawalFilter, find=list_withdrawals_of_all)
    disputed = mark_disputed(context["page"].rows)
    context |= {
        "rows": [(row, disputed.get(row.pk)) for row in context["page"].rows],
        "batches": list_batches(),
        "kinds": [(means, code) for means in PayoutMeans for code, _label in CURRENCIES],
    }
    return render(request, "billing/withdrawals/staff/list.html", context)


@require_POST
@staff_view(PAY_OUT)
def selected(request: StaffRequest) -> HttpResponse:
    """Approve, refuse, or note as paid or come back: all that are selected, each for itself."""
    form = SelectionForm(request.POST)
    ids = [number for text in request.POST.getlist("selected")[:MOST_SELECTED] if (number := parse_id(text))]
    if not form.is_valid() or not ids:
        messages.error(request, _("Please select withdrawals and what to do with them."))
        return redirect("billing:staff_withdrawals")
    verb = _verb(request, form.cleaned_data["do"], form.cleaned_data["reason"])
    done = 0
    for row in find_withdrawals(ids=ids):
        try:
            with tenant_scope(row.organization_id):
                verb(row)
        except DomainError as error:
            messages.warning(request, f"{row.pk}: {error}")
        else:
            done += 1
    if done:
        told = ngettext("%(count)s withdrawal is noted.", "%(count)s withdrawals are noted.", done)
        messages.success(request, told % {"count": done})
    return redirect("billing:staff_withdrawals")


def _verb(request: StaffRequest, name: str, reason: str) -> Callable[[Withdrawal], object]:
    actor, at = request.actor, request.at
    verbs: dict[str, Callable[[Withdrawal], object]] = {
        "approve": lambda row: approve_withdrawal(withdrawal=row, actor=actor, at=at),
        "refuse": lambda row: refuse_withdrawal(withdrawal=row, reason=reason, actor=actor, at=at),
        "paid": lambda row: pay_withdrawal(withdrawal=row, actor=actor, at=at),
        "returned": lambda row: return_withdrawal(withdrawal=row, reason=reason, actor=actor, at=at),
    }
    return verbs[name]


@require_POST
@staff_view(PAY_OUT)
def batch(request: StaffRequest) -> HttpResponse:
    """Make one file of all approved withdrawals of a kind and currency."""
    means, _dash, currency = request.POST.get("kind", "").partition("-")
    try:
        if means not in PayoutMeans.values or currency not in dict(CURRENCIES):
            raise NothingToPayOut
        made = make_batch(means=PayoutMeans(means), currency=currency, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The file %(name)s is ready below.") % {"name": str(made)})
    return redirect("billing:staff_withdrawals")


@require_safe
@staff_view(PAY_OUT)
def batch_file(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Download the payment orders for the bank, or the list for PayPal."""
    made, rows = get_batch(batch_id=batch_id)
    if made.means == PayoutMeans.PAYPAL:
        return give_table(paypal_list(withdrawals=rows), name=str(made))
    try:
        content = payment_orders(batch=made, withdrawals=rows)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("billing:staff_withdrawals")
    return give_file(content, name=f"{made}.xml", kind="application/xml")
