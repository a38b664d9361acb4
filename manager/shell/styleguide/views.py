"""The styleguide: every component in every state, on every layout."""

from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.money import Money
from manager.kit.requests import public
from manager.shell.styleguide.forms import SampleForm
from manager.shell.styleguide.samples import MOMENT, PRODUCTS, sample_shell

LAYOUTS = {"entry", "shop", "list", "empty"}
ERRORS = {"400", "403", "404", "405", "429", "500"}
THEMES = {"light", "dark"}


def _frame(request: HttpRequest) -> dict[str, Any]:
    theme = request.GET.get("theme", request.COOKIES.get("theme", ""))
    return {"shell": sample_shell(theme=theme if theme in THEMES else "system")}


@public
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show all components."""
    faulty = SampleForm({"company": "", "email": "anna@", "password": "short", "country": "XX"})
    context = {
        **_frame(request),
        "form": SampleForm(initial={"company": "Atelier Nord Sàrl", "country": "CH"}),
        "faulty": faulty,
        "products": PRODUCTS,
        "moment": MOMENT,
        "total": Money(128_860, "CHF"),
        "nothing": Money(0, "CHF"),
        "debt": Money(-2500, "EUR"),
        "crumbs": [
            {"label": "Web & domains", "url": "#"},
            {"label": "Domain names", "url": "#"},
            {"label": "atelier-nord.ch"},
        ],
        "qr": segno.make("otpauth://totp/Manager:anna?secret=JBSWY3DPEHPK3PXP").svg_data_uri(border=0),
        "periods": [("1", "1 month"), ("12", "1 year"), ("24", "2 years")],
    }
    return render(request, "styleguide/components.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def dialog(request: HttpRequest) -> HttpResponse:
    """Show a question that is a page without scripts and a dialog with them."""
    if request.method == "POST":
        return HttpResponseRedirect(reverse("styleguide:components"))
    return render(request, "styleguide/dialog.html", _frame(request))


@public
@require_safe
def layout(request: HttpRequest, page: str) -> HttpResponse:
    """Show one layout, or the page of one error code.

    :raises Http404: for other names.
    """
    context = {
        **_frame(request),
        "products": PRODUCTS,
        "price": Money(990, "CHF"),
        "total": Money(21_384, "CHF"),
    }
    if page in ERRORS:
        details = {"missing": "Manage billing", "granted_by": "Anna Keller, Luc Favre", "retry_after": 12}
        return render(request, f"errors/{page}.html", {**details, "request_id": "7f3a91c2"}, status=int(page))
    if page not in LAYOUTS:
        raise Http404(page)
    return render(request, f"styleguide/{page}.html", {**context, "form": SampleForm()})
