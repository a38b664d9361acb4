"""The page of the prepaid account (BIL-7)."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from stdnum import iban as iban_numbers

from billing.gateway.hosted_pages import leads_to_provider
from billing.gateway.vocabulary import MeansKind
from billing.payment_methods.kinds import new_kinds
from billing.payment_methods.selectors import list_methods
from billing.prepaid.automatic import change_settings, get_settings
from billing.prepaid.forms import SUMS, MovementFilter, SettingsForm, StatementForm, TopUpForm
from billing.prepaid.models import PrepaidSettings
from billing.prepaid.selectors import Wanted, list_prepaid_movements, prepaid_balance
from billing.prepaid.services import top_up as top_up_account
from billing.prepaid.statement import movements_as_csv, render_statement
from billing.profiles.selectors import NoSeller, default_entity
from billing.transfer.models import SellerAccount
from billing.transfer.references import QRR, Reference, reference_for_top_up
from billing.transfer.selectors import get_seller_account
from manager.kit.downloads import give_file, give_table
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@leads_to_provider
@organization_view(VIEW)
@require_safe
def prepaid(request: OrganizationRequest) -> HttpResponse:
    """Show the balance, the movements and the form to top up, with the sum that the address proposes."""
    proposed = TopUpForm({"amount": request.GET.get("amount", "")}, currency=request.organization.currency)
    proposed.is_valid()
    initial = {"amount": proposed.cleaned_data.get("amount")}
    return _show(request, TopUpForm(initial=initial, currency=request.organization.currency))


def _show(
    request: OrganizationRequest,
    form: TopUpForm,
    *,
    error: str = "",
    settings_form: SettingsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    after = request.GET.get("after", "")
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    kinds = new_kinds(currency=request.organization.currency)
    filters = MovementFilter(request.GET)
    filters.is_valid()
    wanted = filters.wanted
    account = _account(request.organization.currency)
    reference = reference_for_top_up(request.organization, account=account) if account else None
    settings = get_settings(organization=request.organization)
    context = {
        "settings": settings,
        "settings_form": settings_form or _settings_form(request, settings),
        "wanted": wanted,
        "is_filtered": wanted != Wanted(),
        "movement_kinds": list(filters.fields["kind"].choices),  # type: ignore[attr-defined]  # a choice field
        "query": request.GET.urlencode(),
        "account": account,
        "printed_iban": _printed_iban(account, reference),
        "reference": reference,
        "balance": prepaid_balance(organization=request.organization),
        "page": list_prepaid_movements(organization=request.organization, wanted=wanted, after=cursor),
        "is_first_page": cursor is None,
        "form": form,
        "kinds": kinds,
        "chosen": form.data.get("kind") or kinds[0].value,
        "error": error,
        "can_manage": MANAGE in request.can,
    }
    return render(request, "billing/prepaid/account.html", context, status=status)


def _settings_form(
    request: OrganizationRequest, settings: PrepaidSettings, data: QueryDict | None = None
) -> SettingsForm:
    methods = [method for method in list_methods(organization=request.organization) if not method.is_prepaid]
    sums = {name: getattr(settings, name) for name in SUMS}
    initial = {name: None if sums[name] is None else Decimal(sums[name]) / 100 for name in SUMS}
    return SettingsForm(
        data,
        methods=methods,
        initial={
            **initial,
            "auto_method": settings.auto_method_id or "",
            "pays_renewals": settings.pays_renewals,
        },
    )


@leads_to_provider
@organization_view(MANAGE)
@require_POST
def prepaid_settings(request: OrganizationRequest) -> HttpResponse:
    """Store when to tell of a low balance, and when to top up by itself."""
    form = _settings_form(request, get_settings(organization=request.organization), request.POST)
    if form.is_valid():
        try:
            change_settings(
                organization=request.organization, wish=form.wish, actor=request.actor, at=request.at
            )
        except DomainError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("billing:prepaid", request.organization.pk)
    empty = TopUpForm(currency=request.organization.currency)
    return _show(request, empty, settings_form=form, status=422)


def _printed_iban(account: SellerAccount | None, reference: Reference | None) -> str:
    """Return the number of the account that takes `reference`, in groups of four."""
    if account is None or reference is None:
        return ""
    return iban_numbers.format(account.qr_iban if reference.kind == QRR else account.iban)


def _account(currency: str) -> SellerAccount | None:
    """Return the account on which transfers in `currency` come in, if the operator takes them."""
    try:
        return get_seller_account(legal_entity=default_entity(), currency=currency)
    except NoSeller:
        return None


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


@organization_view(VIEW)
@require_safe
def movements_csv(request: OrganizationRequest) -> HttpResponse:
    """Download the movements that the same filter shows, oldest first."""
    filters = MovementFilter(request.GET)
    filters.is_valid()
    content = movements_as_csv(organization=request.organization, wanted=filters.wanted)
    return give_table(content, name="prepaid-movements")


@organization_view(VIEW)
@require_safe
def statement(request: OrganizationRequest) -> HttpResponse:
    """Download the statement of a period as PDF."""
    form = StatementForm(request.GET)
    if not form.is_valid():
        messages.warning(request, _("Please choose the first and the last day of the statement."))
        return redirect("billing:prepaid", request.organization.pk)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    try:
        content = render_statement(organization=request.organization, first=first, last=last, at=request.at)
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("billing:prepaid", request.organization.pk)
    name = f"prepaid-{first.isoformat()}-{last.isoformat()}.pdf"
    return give_file(content, name=name)
