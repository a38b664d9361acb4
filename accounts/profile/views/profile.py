"""The profile page, and the page behind the link that confirms an address."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import MINUTE, rate_limited
from accounts.users.addresses import show_phone
from accounts.users.forms import ProfileForm
from accounts.users.links import read_email_confirmation
from accounts.users.services import LinkNotValid, confirm_email, update_profile
from manager.kit.clock import now
from manager.kit.requests import posted, public

A_YEAR = 60 * 60 * 24 * 365


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """Show and change names, phone, language, time zone and theme (ACC-14)."""
    user = request.user
    shown = {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "language": user.language,
        "time_zone": user.time_zone,
        "theme": user.theme,
    }
    form = ProfileForm(posted(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        changed = update_profile(user=user, actor=request.actor, at=request.at, **form.cleaned_data)
        with translation.override(changed.language):
            messages.success(request, _("Your profile is saved."))
        response = redirect("accounts:profile")
        for name, value in ((settings.LANGUAGE_COOKIE_NAME, changed.language), ("theme", changed.theme)):
            # The sign-in page looks and speaks the same next time.
            response.set_cookie(
                name,
                value,
                max_age=A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response
    context = {"form": form, "phone": show_phone(user.phone) if user.phone else ""}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/profile/profile.html", context, status=status)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("confirm-email", limit=60, window_seconds=15 * MINUTE)
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address by its mailed link. Only the button confirms: mail scanners open links, too."""
    at = now()
    if request.method == "POST":
        try:
            confirm_email(token=token, at=at)
        except LinkNotValid:
            return render(request, "accounts/recovery/link_not_valid.html", status=404)
        messages.success(request, _("Your address is confirmed. You can sign in now."))
        return redirect("accounts:sign_in")
    claim = read_email_confirmation(token, at=at)
    if claim is None:
        return render(request, "accounts/recovery/link_not_valid.html", status=404)
    return render(request, "accounts/profile/email_confirm.html", {"email": claim.email})
