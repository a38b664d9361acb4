"""The app on the phone: its page, manifest and worker. What belongs to a person is on the phone alone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.authenticator.assets import list_assets
from accounts.authenticator.push import public_push_key
from manager.kit.requests import public

DEFAULT_ACCENT = "#3056d3"
BACKGROUND = "#f4f5f7"


@public
@require_safe
def phone_app(request: HttpRequest, token: str = "") -> HttpResponse:
    """Show the app; `token` is an offer that it is opened with, which the app itself reads and checks."""
    context = {
        "push_key": public_push_key(),
        "panel": settings.PUBLIC_BASE_URL,
        "accent": settings.BRAND_ACCENT or DEFAULT_ACCENT,
    }
    answer = render(request, "accounts/authenticator/app.html", context)
    # The address holds a secret; it goes nowhere, not even to our own pages.
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@public
@require_safe
def phone_app_manifest(request: HttpRequest) -> HttpResponse:
    """Describe the app for its installation, in the visitor's language and the brand's colour."""
    start = reverse("accounts:phone_app")
    icons = [
        {"src": static("icons/authenticator.svg"), "sizes": "any", "type": "image/svg+xml"},
        *_pictures("icons/authenticator-192.png", "icons/authenticator-512.png", purpose="any"),
        *_pictures("icons/authenticator-maskable-512.png", purpose="maskable"),
    ]
    manifest = {
        "id": start,
        "name": _("%(brand)s authenticator") % {"brand": settings.BRAND_NAME},
        "short_name": settings.BRAND_NAME,
        "description": _("Approve sign-ins on your phone, and codes that work offline."),
        "lang": get_language(),
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "orientation": "portrait",
        "background_color": BACKGROUND,
        "theme_color": settings.BRAND_ACCENT or DEFAULT_ACCENT,
        "icons": icons,
    }
    answer = JsonResponse(manifest, content_type="application/manifest+json")
    answer["Cache-Control"] = "no-cache"
    return answer


@public
@require_safe
def phone_app_worker(request: HttpRequest) -> HttpResponse:
    """Answer the service worker, with the list of what it keeps."""
    context = {
        "app_url": reverse("accounts:phone_app"),
        "assets": [
            reverse("accounts:phone_app"),
            reverse("accounts:phone_app_manifest"),
            reverse("shell:brand:stylesheet"),
            *list_assets(),
        ],
        "static_url": settings.STATIC_URL,
        "icon": static("icons/authenticator-192.png"),
    }
    answer = render(request, "accounts/authenticator/worker.js", context, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


def _pictures(*names: str, purpose: str) -> list[dict[str, str]]:
    sizes = [name.rsplit("-", 1)[1].removesuffix(".png") for name in names]
    return [
        {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size in zip(names, sizes, strict=True)
    ]
