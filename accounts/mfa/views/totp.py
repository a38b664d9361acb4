"""Adding an authenticator app."""

from base64 import b32encode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.forms import TotpForm
from accounts.mfa.pages import answer_added
from accounts.mfa.selectors import find_pending_totp
from accounts.mfa.services import enable_totp, start_totp
from accounts.mfa.steps import FAILURES_PER_ADDRESS
from accounts.sessions.entrance import current_session_id
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import MINUTE, rate_limited
from accounts.sessions.sudo import sudo_view
from manager.kit.errors import DomainError
from manager.kit.qr import draw_qr
from manager.kit.requests import posted


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("totp-enable", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def totp_enable(request: PersonRequest) -> HttpResponse:
    """Show a key as QR code; with a first code of the app it is a second factor (ACC-8).

    A key that was made within the hour and not used yet is shown again, so that a reload changes nothing.
    """
    user = request.user
    pending = find_pending_totp(user, at=request.at)
    if pending is None:
        pending = start_totp(user=user, actor=request.actor, at=request.at)
    form = TotpForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = enable_totp(
                user=user,
                code=form.cleaned_data["code"],
                name=form.cleaned_data["name"] or _("Authenticator app"),
                keep_session=current_session_id(request),
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            form.add_error(refused.field, str(refused))
        else:
            return answer_added(request, device=device, codes=codes)
    context = {"form": form, "qr_code": draw_qr(pending.config_url), "key": _key_in_groups(pending)}
    return render(request, "accounts/mfa/totp_enable.html", context, status=422 if form.is_bound else 200)


def _key_in_groups(device: TOTPDevice) -> str:
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
