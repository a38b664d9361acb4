"""A member's pages of withdrawals (BIL-7)."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.sudo import sudo_page
from billing.prepaid.selectors import prepaid_balance
from billing.withdrawals.disputed import disputed_balance
from billing.withdrawals.forms import WithdrawalForm
from billing.withdrawals.selectors import get_withdrawal, list_withdrawals
from billing.withdrawals.services import cancel_withdrawal, request_withdrawal
from manager.kit.errors import DomainError
from manager.kit.filtered_list import newest_page
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@organization_view(VIEW)
@require_safe
def withdrawals(request: OrganizationRequest) -> HttpResponse:
    """List the organization's withdrawals, newest first."""
    page = newest_page(request, list_withdrawals(organization=request.organization))
    context = {
        "page": page,
        "balance": prepaid_balance(organization=request.organization),
        "can_manage": MANAGE in request.can,
    }
    return render(request, "billing/withdrawals/list.html", context)


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@sudo_page
def withdraw(request: OrganizationRequest) -> HttpResponse:
    """Ask how much goes where after a fresh proof, and take it off the account."""
    balance = prepaid_balance(organization=request.organization)
    disputed = disputed_balance(organization=request.organization, balance=balance)
    form = WithdrawalForm(
        request.POST if request.method == "POST" else None,
        currency=balance.currency,
        initial={
            "amount": (balance - disputed).as_decimal(),
            "means": "iban",
            "holder": request.organization.name,
            "key": uuid4().hex,
        },
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = request_withdrawal(
                    organization=request.organization,
                    money=form.money,
                    destination=form.destination,
                    request_key=form.cleaned_data["key"],
                    actor=request.actor,
                    at=request.at,
                )
            except DomainError as error:
                form.add_error(error.field, str(error))
            else:
                told = _("%(amount)s are on their way out. We check the request and write to you.")
                messages.success(request, told % {"amount": row.money.format()})
                return redirect("billing:withdrawals", request.organization.pk)
    context = {"form": form, "balance": balance, "disputed": disputed}
    return render(request, "billing/withdrawals/withdraw.html", context, status=status)


@organization_view(MANAGE)
@require_POST
def cancel(request: OrganizationRequest, withdrawal_id: int) -> HttpResponse:
    """Take a request back that staff have not approved yet."""
    row = get_withdrawal(organization=request.organization, withdrawal_id=withdrawal_id)
    try:
        cancel_withdrawal(withdrawal=row, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The withdrawal is cancelled; the money is on your account again."))
    return redirect("billing:withdrawals", request.organization.pk)
