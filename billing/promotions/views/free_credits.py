"""The back office's pages of free credits (BIL-13)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.promotions.rights import MANAGE_PROMOTIONS
from billing.promotions.selectors import CREDIT_STATES, describe_credit, state_of_credit
from billing.promotions.services import grant_credit, withdraw_credit
from billing.promotions.staff_forms import STATES_SOUGHT, CreditFilterForm, CreditForm
from billing.promotions.staff_selectors import find_credit_of_anyone, list_all_credits
from billing.promotions.views.own import CREDIT_TONES
from manager.kit.keyset import NEWEST, paginate
from manager.kit.money import Money
from manager.kit.requests import posted
from manager.kit.scope import tenant_scope
from products.catalog.views.pages import accepts, status_of, today_of

CREDITS = "billing:staff_credits"


@require_safe
@staff_view(MANAGE_PROMOTIONS)
def credit_list(request: StaffRequest) -> HttpResponse:
    """List the free credits of all customers, newest first."""
    filters = CreditFilterForm(request.GET)
    wanted, today = filters.wanted(), today_of(request)
    found = list_all_credits(search=wanted["q"], state=wanted["state"])
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(found, key=NEWEST, descending=True, after=after, before=before)
    states = [(credit, state_of_credit(credit, on=today)) for credit in page.rows]
    context = {
        "page": page,
        "rows": [
            (credit, describe_credit(credit), CREDIT_STATES[state], CREDIT_TONES.get(state, "neutral"))
            for credit, state in states
        ],
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "states": [("", _("All states")), *STATES_SOUGHT],
    }
    return render(request, "billing/promotions/staff/credits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(MANAGE_PROMOTIONS)
def grant(request: StaffRequest) -> HttpResponse:
    """Grant a free credit to a customer."""
    form = CreditForm(posted(request), initial={"valid_from": today_of(request)})

    def verb() -> None:
        given = dict(form.cleaned_data)
        organization, amount = given["organization"], given.pop("amount")
        money = Money(amount, organization.currency) if amount else None
        with tenant_scope(organization.pk):
            grant_credit(amount=money, actor=request.actor, at=request.at, **given)

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The free credit is granted."))
        return redirect(CREDITS)
    return render(request, "billing/promotions/staff/grant.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(MANAGE_PROMOTIONS)
def withdraw(request: StaffRequest, credit_id: int) -> HttpResponse:
    """Ask, then take a free credit back that is not used."""
    found = find_credit_of_anyone(credit_id=credit_id)
    if request.method != "POST":
        context = {"credit": found, "worth": describe_credit(found)}
        return render(request, "billing/promotions/staff/withdraw.html", context)
    with tenant_scope(found.organization_id):
        withdraw_credit(
            organization_id=found.organization_id, credit_id=found.pk, actor=request.actor, at=request.at
        )
    messages.success(request, _("The free credit is withdrawn."))
    return redirect(CREDITS)
