"""What pages of all kinds answer after a factor was added or removed."""

from typing import Any
from urllib.parse import quote

import django_otp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_otp.models import Device

from accounts.mfa.factors import factor_kinds, find_any_factor, find_factor_kind, list_added_factors
from accounts.mfa.selectors import count_backup_codes
from accounts.sessions.entrance import renew_session
from accounts.sessions.sudo import note_proof
from manager.kit.clock import now


def describe_factors(user: Any) -> dict[str, Any]:
    """Return what the section of the security page shows: `factors`, `kinds` to add, `codes_left`."""
    added = list_added_factors(user)
    return {
        "factors": [{"factor": factor, "kind": find_factor_kind(factor.kind)} for factor in added],
        "kinds": [kind for kind in factor_kinds() if kind.is_available()],
        "codes_left": count_backup_codes(user) if added else 0,
    }


def answer_added(request: HttpRequest, *, device: Device, codes: list[str]) -> HttpResponse:
    """Answer that `device` is on: with its backup codes where it is the first one (ACC-9).

    This session counts as opened with it, unless it was with another one, and gets a new key.
    """
    user: Any = request.user
    if not user.is_verified():
        django_otp.login(request, device)
    note_proof(request, at=now(), by_factor=True)
    renew_session(request, user=user)
    if codes:
        return show_codes(request, codes=codes, is_first=True)
    messages.success(request, _("%(name)s is added. Your other sessions have ended.") % {"name": device.name})
    return redirect("accounts:security")


def answer_removed(request: HttpRequest, *, name: str) -> HttpResponse:
    """Answer that a factor is gone; a session that was opened with it counts as opened with another one."""
    user: Any = request.user
    was_verified = user.is_verified()
    left = find_any_factor(user)
    if was_verified and left is not None:
        django_otp.login(request, left)
    renew_session(request, user=user)
    text = (
        _("%(name)s is removed. Your other sessions have ended.") if left else _("Two-step sign-in is off.")
    )
    messages.success(request, text % {"name": name} if left else text)
    return redirect("accounts:security")


def show_codes(request: HttpRequest, *, codes: list[str], is_first: bool) -> HttpResponse:
    """Show backup codes in the answer itself: they are stored nowhere, not even for a redirect."""
    title = _("Your backup codes")
    file = "\r\n".join([title, request.get_host(), "", *codes, ""])
    context = {"codes": codes, "as_file": quote(file), "is_first": is_first}
    return render(request, "accounts/mfa/backup_codes_shown.html", context)
