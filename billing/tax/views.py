"""The back office's pages of VAT: rates, the seller's schemes, their history (BIL-6)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.tax.forms import RateForm, SchemeForm
from billing.tax.rights import MANAGE_VAT
from billing.tax.selectors import list_rates, list_schemes, list_tax_changes
from billing.tax.services import add_rate, rate_subject, set_scheme, take_back_rate
from billing.tax.staff_page import describe_change, place_rows, state_of
from billing.tax.wording import percent, place_name
from manager.kit.errors import NotFound
from manager.kit.keyset import NEWEST, paginate
from manager.kit.requests import posted
from products.catalog.views.pages import accepts, status_of, today_of

LIST, LATEST, MAX_SEARCH = "billing:staff_vat", 20, 60


@require_safe
@staff_view(MANAGE_VAT)
def rates(request: StaffRequest) -> HttpResponse:
    """Show the rate of each place today and the one that follows, and the sellers' schemes."""
    search = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_SEARCH]
    context = {
        "rows": place_rows(list_rates(), today=today_of(request), search=search),
        "search": search,
        "schemes": list_schemes(),
    }
    return render(request, "billing/tax/rates.html", context)


@require_safe
@staff_view(MANAGE_VAT)
def place(request: StaffRequest, country: str) -> HttpResponse:
    """Show all rates of a place, past and coming, and who changed them."""
    today, found = today_of(request), list(list_rates(places=[country]))
    if not found:
        raise NotFound
    context = {
        "place": country,
        "name": place_name(country),
        "rates": [(rate, percent(rate.rate), state_of(rate, today)) for rate in found],
        "changes": [
            (change, *describe_change(change))
            for change in list_tax_changes(subject=rate_subject(country))[:LATEST]
        ],
    }
    return render(request, "billing/tax/place.html", context)


@require_safe
@staff_view(MANAGE_VAT)
def history(request: StaffRequest) -> HttpResponse:
    """Show who changed what, newest first."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(list_tax_changes(), key=NEWEST, descending=True, after=after, before=before)
    context = {"page": page, "rows": [(change, *describe_change(change)) for change in page.rows]}
    return render(request, "billing/tax/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(MANAGE_VAT)
def add(request: StaffRequest) -> HttpResponse:
    """Add a rate from a future day on."""
    places = sorted({str(rate.country) for rate in list_rates()})
    asked = {"country": request.GET.get("country", "")[:5]}
    form = RateForm(posted(request), initial=asked, places=places)

    def verb() -> None:
        add_rate(
            country=form.cleaned_data["country"],
            rate=form.basis_points,
            valid_from=form.cleaned_data["valid_from"],
            today=today_of(request),
            actor=request.actor,
            at=request.at,
        )

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The rate is saved. It applies from its day on by itself."))
        return redirect("billing:staff_vat_place", form.cleaned_data["country"])
    return render(request, "billing/tax/rate_form.html", {"form": form}, status=status_of(form))


@require_POST
@staff_view(MANAGE_VAT)
def take_back(request: StaffRequest, rate_id: int) -> HttpResponse:
    """Remove a rate that has not begun."""
    country = take_back_rate(rate_id=rate_id, today=today_of(request), actor=request.actor, at=request.at)
    messages.success(request, _("The rate is taken back."))
    return redirect("billing:staff_vat_place", country)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(MANAGE_VAT)
def scheme(request: StaffRequest) -> HttpResponse:
    """Put a seller under a scheme from a day on."""
    form = SchemeForm(posted(request))

    def verb() -> None:
        set_scheme(**form.cleaned_data, actor=request.actor, at=request.at)

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The scheme is saved."))
        return redirect(LIST)
    return render(request, "billing/tax/scheme_form.html", {"form": form}, status=status_of(form))
