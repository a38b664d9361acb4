"""The back office's pages of promotional codes (BIL-13)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.promotions.export import MAX_ROWS, codes_as_csv
from billing.promotions.labels import describe_change, describe_terms
from billing.promotions.models import CodeKind, PromoCode
from billing.promotions.rights import MANAGE_PROMOTIONS
from billing.promotions.selectors import get_code
from billing.promotions.services import add_code, change_code, close_code
from billing.promotions.staff_forms import CodeFilterForm, CodeForm, NewCodeForm
from billing.promotions.staff_selectors import (
    STATES,
    TONES,
    list_changes_of,
    list_codes,
    list_uses_of,
    state_of,
)
from manager.kit.downloads import give_table
from manager.kit.keyset import NEWEST, paginate
from manager.kit.requests import posted
from products.catalog.views.pages import accepts, status_of, today_of

CODE = "billing:staff_promotion"
LATEST = 20


@require_safe
@staff_view(MANAGE_PROMOTIONS)
def codes(request: StaffRequest) -> HttpResponse:
    """List the codes, newest first."""
    wanted, today = CodeFilterForm(request.GET).wanted(), today_of(request)
    found = list_codes(on=today, search=wanted["q"], state=wanted["state"], kind=wanted["kind"])
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(found, key=NEWEST, descending=True, after=after, before=before)
    states = [(code, state_of(code, on=today)) for code in page.rows]
    context = {
        "page": page,
        "rows": [(code, describe_terms(code), STATES[state], TONES[state]) for code, state in states],
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "states": [("", _("All states")), *STATES.items()],
        "kinds": [("", _("All kinds")), *CodeKind.choices],
    }
    return render(request, "billing/promotions/staff/codes.html", context)


@require_safe
@staff_view(MANAGE_PROMOTIONS)
def export(request: StaffRequest) -> HttpResponse:
    """Give the codes of the list as a table for spreadsheets."""
    wanted, today = CodeFilterForm(request.GET).wanted(), today_of(request)
    found = list_codes(on=today, search=wanted["q"], state=wanted["state"], kind=wanted["kind"])
    table = codes_as_csv(found.order_by("-id")[:MAX_ROWS], on=today)
    return give_table(table, name=f"codes-{today.isoformat()}")


@require_safe
@staff_view(MANAGE_PROMOTIONS)
def code(request: StaffRequest, code_id: int) -> HttpResponse:
    """Show a code: its terms, who used it, what staff did to it."""
    found = get_code(code_id=code_id)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(list_uses_of(code=found), key=NEWEST, descending=True, after=after, before=before)
    state = state_of(found, on=today_of(request))
    context = {
        "code": found,
        "terms": describe_terms(found),
        "state": STATES[state],
        "tone": TONES[state],
        "page": page,
        "changes": [(row, *describe_change(row)) for row in list_changes_of(code=found)[:LATEST]],
    }
    return render(request, "billing/promotions/staff/code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(MANAGE_PROMOTIONS)
def add(request: StaffRequest) -> HttpResponse:
    """Add a code."""
    form = NewCodeForm(posted(request), initial={"valid_from": today_of(request)})

    added: list[PromoCode] = []

    def verb() -> None:
        word, values = form.cleaned_data["code"], form.values()
        added.append(add_code(code=word, values=values, actor=request.actor, at=request.at))

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The code is added."))
        return redirect(CODE, added[0].pk)
    context = {"form": form, "code": None}
    return render(request, "billing/promotions/staff/code_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(MANAGE_PROMOTIONS)
def edit(request: StaffRequest, code_id: int) -> HttpResponse:
    """Change the terms of a code for orders to come."""
    found = get_code(code_id=code_id)
    form = CodeForm(posted(request), initial=CodeForm.initial_of(found))

    def verb() -> None:
        change_code(code=found, values=form.values(), actor=request.actor, at=request.at)

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The code is saved."))
        return redirect(CODE, found.pk)
    context = {"form": form, "code": found}
    return render(request, "billing/promotions/staff/code_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(MANAGE_PROMOTIONS)
def close(request: StaffRequest, code_id: int) -> HttpResponse:
    """Ask, then end a code for good."""
    found = get_code(code_id=code_id)
    if request.method != "POST":
        return render(request, "billing/promotions/staff/close.html", {"code": found})
    close_code(code=found, actor=request.actor, at=request.at)
    messages.success(request, _("The code is closed."))
    return redirect(CODE, found.pk)
