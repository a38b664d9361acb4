"""The page of the prepaid account (BIL-7)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from billing.gateway.hosted_pages import leads_to_provider
from billing.gateway.vocabulary import MeansKind
from billing.payment_methods.kinds import new_kinds
from billing.prepaid.forms import TopUpForm
from billing.prepaid.selectors import list_prepaid_movements, prepaid_balance
from billing.prepaid.services import top_up as top_up_account
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@leads_to_provider
@organization_view(VIEW)
@require_safe
def prepaid(request: OrganizationRequest) -> HttpResponse:
    """Show the balance, the movements and the form to top up."""
    return _show(request, TopUpForm(currency=request.organization.currency))


def _show(
    request: OrganizationRequest, form: TopUpForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    after = request.GET.get("after", "")
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    kinds = new_kinds(currency=request.organization.currency)
    context = {
        "balance": prepaid_balance(organization=request.organization),
        "page": list_prepaid_movements(organization=request.organization, after=cursor),
        "is_first_page": cursor is None,
        "form": form,
        "kinds": kinds,
        "chosen": form.data.get("kind") or kinds[0].value,
        "error": error,
        "can_manage": MANAGE in request.can,
    }
    return render(request, "billing/prepaid/account.html", context, status=status)


@leads_to_provider
@organization_view(MANAGE)
@require_POST
def top_up(request: OrganizationRequest) -> HttpResponse:
    """Go on to the provider's page to pay a sum into the account."""
    form = TopUpForm(request.POST, currency=request.organization.currency)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        attempt = top_up_account(
            organization=request.organization,
            money=form.money,
            kind=MeansKind(form.cleaned_data["kind"]),
            language=get_language() or "en",
            actor=request.actor,
            at=request.at,
        )
    except DomainError as error:
        return _show(request, form, error=str(error), status=error.status)
    return redirect(attempt.redirect_url)
