"""The phone's side of an identity check: number, code, document, photographs, send (ACC-12).

Who has the link can begin; who wants to see or change answers proves the number in this very browser.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.identity.forms import DocumentForm, NumberForm, PhotographForm
from accounts.identity.models import IdentityCase
from accounts.identity.selectors import find_case_by_token, list_pages
from accounts.identity.services import choose_document, prove_phone, send_code, store_image, submit_case
from accounts.identity.status import Document, Page
from accounts.identity.steps import has_proved_phone, next_step, note_phone_proved
from accounts.identity.views.visitor import link_not_valid
from accounts.mfa.forms import CodeForm
from accounts.sessions.guards import actor_of
from accounts.sessions.limits import HOUR, MINUTE, rate_limited, take_or_refuse
from manager.kit.clock import now
from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.requests import posted, public

View = Callable[..., HttpResponse]

CODES_PER_NUMBER = 5
CODES_PER_CASE = 10
CODES_PER_ADDRESS = 30
TRIES_PER_CASE = 20
UPLOADS_PER_ADDRESS = 100
CAMERAS = {Page.SELFIE: "user"}


def _step(*, proved: bool) -> Callable[[View], View]:
    """Find the open case of the link; with `proved` only for the browser that gave the code."""

    def stepping(view: View) -> View:
        @wraps(view)
        def stepped(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            case = find_case_by_token(token=token, at=now())
            if case is None:
                return link_not_valid(request)
            if not case.is_open(now()):
                return redirect("accounts:identity_wait", token=token)
            if proved and not has_proved_phone(request, case):
                return redirect("accounts:identity_phone", token=token)
            return view(request, case, token, **kwargs)

        return stepped

    return stepping


def _go_on(request: HttpRequest, case: IdentityCase, token: str) -> HttpResponse:
    pages = list_pages(case)
    return redirect(next_step(case, token=token, has_proved=has_proved_phone(request, case), pages=pages))


def _page(
    request: HttpRequest, name: str, form: Form, case: IdentityCase, token: str, **context: Any
) -> HttpResponse:
    return form_page(request, f"accounts/identity/{name}.html", form, case=case, token=token, **context)


@public
@require_safe
@_step(proved=False)
def entry(request: HttpRequest, case: IdentityCase, token: str) -> HttpResponse:
    """Go to the first step that is still to do; the QR code leads here."""
    return _go_on(request, case, token)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("identity-phone", limit=CODES_PER_ADDRESS, window_seconds=HOUR)
@_step(proved=False)
def phone(request: HttpRequest, case: IdentityCase, token: str) -> HttpResponse:
    """Take the mobile number and send it a code."""
    form = NumberForm(posted(request))
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        take_or_refuse(f"identity-code:number:{number}", limit=CODES_PER_NUMBER, window_seconds=HOUR)
        take_or_refuse(f"identity-code:case:{case.pk}", limit=CODES_PER_CASE, window_seconds=HOUR)
        with refusals_beside_fields(form):
            send_code(case=case, phone=number, actor=actor_of(request, None), at=now())
            return redirect("accounts:identity_code", token=token)
    return _page(request, "phone", form, case, token)


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("identity-code", limit=CODES_PER_ADDRESS, window_seconds=15 * MINUTE)
@_step(proved=False)
def code(request: HttpRequest, case: IdentityCase, token: str) -> HttpResponse:
    """Take the code that came by SMS."""
    if not case.code_hash:
        return redirect("accounts:identity_phone", token=token)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        take_or_refuse(f"identity-try:case:{case.pk}", limit=TRIES_PER_CASE, window_seconds=HOUR)
        typed = form.cleaned_data["code"]
        with refusals_beside_fields(form):
            proved = prove_phone(case=case, code=typed, actor=actor_of(request, None), at=now())
            request.session.cycle_key()
            note_phone_proved(request, proved)
            return _go_on(request, proved, token)
    return _page(request, "code", form, case, token)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("identity-document", limit=UPLOADS_PER_ADDRESS, window_seconds=15 * MINUTE)
@_step(proved=True)
def document(request: HttpRequest, case: IdentityCase, token: str) -> HttpResponse:
    """Take the kind of document."""
    form = DocumentForm(posted(request), initial={"document": case.document})
    if request.method == "POST" and form.is_valid():
        chosen = Document(form.cleaned_data["document"])
        changed = choose_document(case=case, document=chosen, actor=actor_of(request, None), at=now())
        return _go_on(request, changed, token)
    return _page(request, "document", form, case, token)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("identity-photo", limit=UPLOADS_PER_ADDRESS, window_seconds=15 * MINUTE)
@_step(proved=True)
def photo(request: HttpRequest, case: IdentityCase, token: str, page: str) -> HttpResponse:
    """Take one photograph, by the camera or as a file."""
    if page not in Page.values or Page(page) not in case.pages:
        raise Http404
    wanted = Page(page)
    files = request.FILES if request.method == "POST" else None
    form = PhotographForm(posted(request), files, camera=CAMERAS.get(wanted, "environment"))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read()
        with refusals_beside_fields(form):
            store_image(case=case, page=wanted, data=data, actor=actor_of(request, None), at=now())
            return _go_on(request, case, token)
    number = case.pages.index(wanted) + 1
    context = {"page": wanted, "number": number, "count": len(case.pages)}
    return _page(request, "photo", form, case, token, **context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("identity-send", limit=UPLOADS_PER_ADDRESS, window_seconds=15 * MINUTE)
@_step(proved=True)
def send(request: HttpRequest, case: IdentityCase, token: str) -> HttpResponse:
    """Show what was given, and send it to the staff."""
    taken = list_pages(case)
    if not case.pages or set(taken) != set(case.pages):
        return _go_on(request, case, token)
    if request.method == "POST":
        submit_case(case=case, actor=actor_of(request, None), at=now())
        return redirect("accounts:identity_wait", token=token)
    context = {"case": case, "token": token, "photographs": [taken[page] for page in case.pages]}
    return render(request, "accounts/identity/send.html", context)
