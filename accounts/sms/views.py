"""Pages of codes by SMS: adding a number, and the second step."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.mfa.attempts import counted_failure
from accounts.mfa.factors import list_added_factors
from accounts.mfa.forms import CodeForm
from accounts.mfa.pages import answer_added
from accounts.mfa.services import SecondFactorIsOff, WrongCode
from accounts.mfa.steps import FAILURES_PER_ADDRESS, Step, chosen_factor, finish_step, step_view
from accounts.sessions.entrance import current_session_id
from accounts.sessions.guards import PersonRequest, actor_of, person_view
from accounts.sessions.limits import HOUR, MINUTE, TooManyAttempts, rate_limited, take_or_refuse
from accounts.sessions.sudo import sudo_view
from accounts.sms.forms import SmsForm
from accounts.sms.models import SmsFactor
from accounts.sms.selectors import SLUG, find_pending_sms, find_sms_factor, was_code_sent
from accounts.sms.services import confirm_sms, send_sms_code, start_sms, use_sms_code
from accounts.users.addresses import show_phone
from accounts.users.models import User
from manager.kit.errors import DomainError
from manager.kit.requests import client_address, posted, public

SENT = "sms_sent"
# How many text messages one person, one number and one address may cause in an hour; and a person in a day.
SENDING = {"person": 5, "number": 5, "address": 20}
SENDING_PER_DAY = 15


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("sms-add", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def sms_add(request: PersonRequest) -> HttpResponse:
    """Take a mobile number and send it a code (ACC-8)."""
    user = request.user
    form = SmsForm(posted(request), initial={"phone": show_phone(user.phone) if user.phone else ""})
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        name = form.cleaned_data["name"] or _("Mobile phone")
        take_sending(request, user, phone)
        try:
            start_sms(user=user, phone=phone, name=name, actor=request.actor, at=request.at)
        except DomainError as refused:
            form.add_error(refused.field, str(refused))
        else:
            return redirect("accounts:sms_confirm")
    return render(request, "accounts/sms/sms_add.html", {"form": form}, status=422 if form.is_bound else 200)


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("sms-confirm", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def sms_confirm(request: PersonRequest) -> HttpResponse:
    """Take the code that came to the new number; from then on it is a second factor."""
    user = request.user
    pending = find_pending_sms(user)
    if pending is None:
        return redirect("accounts:sms_add")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with counted_failure(request, user):
                device, codes = confirm_sms(
                    user=user,
                    code=form.cleaned_data["code"],
                    keep_session=current_session_id(request),
                    actor=request.actor,
                    at=request.at,
                )
        except (WrongCode, SecondFactorIsOff) as refused:
            form.add_error("code", str(refused))
        else:
            return answer_added(request, device=device, codes=codes)
    context = {"form": form, "factor": pending, **_inbox()}
    return render(request, "accounts/sms/sms_confirm.html", context, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@step_view
def sms_step(request: HttpRequest, step: Step) -> HttpResponse:
    """Send a code where the person wishes so, or at once where nothing else is on; then take it."""
    added = chosen_factor(request, step, SLUG)
    factor = find_sms_factor(step.user, factor_id=added.id) if added else None
    if factor is None:
        return redirect("accounts:second_step_ways")
    if request.method == "POST" and "send" in request.POST:
        _send(request, step, factor)
        messages.success(request, _("The code is on its way."))
        return redirect(request.get_full_path())
    if _sends_at_once(request, step):
        factor = _try_to_send(request, step, factor)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _take_code(request, step, factor, form.cleaned_data["code"])
        except (WrongCode, SecondFactorIsOff) as refused:
            form.add_error("code", str(refused))
    context = {
        "form": form,
        "step": step,
        "factor": factor,
        "was_sent": was_code_sent(factor, at=step.at),
        **_inbox(),
    }
    return render(request, "accounts/sms/sms_step.html", context, status=422 if form.is_bound else 200)


def take_sending(request: HttpRequest, user: User, phone: str) -> None:
    """Count one text message against the person, the number and the address.

    :raises TooManyAttempts: one of them has had too many.
    """
    subjects: dict[str, Any] = {"person": user.pk, "number": phone, "address": client_address(request)}
    for name, subject in subjects.items():
        take_or_refuse(f"sms:{name}:{subject}", limit=SENDING[name], window_seconds=HOUR)
    take_or_refuse(f"sms:person-day:{user.pk}", limit=SENDING_PER_DAY, window_seconds=24 * HOUR)


def _take_code(request: HttpRequest, step: Step, factor: SmsFactor, code: str) -> HttpResponse:
    actor = actor_of(request, step.user)
    with counted_failure(request, step.user):
        used = use_sms_code(user=step.user, factor_id=factor.pk, code=code, actor=actor, at=step.at)
    request.session.pop(SENT, None)
    return finish_step(request, step, factor=used)


def _send(request: HttpRequest, step: Step, factor: SmsFactor) -> SmsFactor:
    take_sending(request, step.user, factor.phone)
    request.session[SENT] = True
    return send_sms_code(factor=factor, actor=actor_of(request, step.user), at=step.at)


def _sends_at_once(request: HttpRequest, step: Step) -> bool:
    """Only in the session that has just given the password, once, and where there is nothing to choose."""
    return (
        step.is_sign_in
        and request.method == "GET"
        and SENT not in request.session
        and len(list_added_factors(step.user)) == 1
    )


def _try_to_send(request: HttpRequest, step: Step, factor: SmsFactor) -> SmsFactor:
    try:
        return _send(request, step, factor)
    except (TooManyAttempts, DomainError):
        return factor


def _inbox() -> dict[str, bool]:
    return {"is_demonstration": settings.DEMONSTRATION}
