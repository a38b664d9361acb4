"""Theme and language: for visitors in a cookie, for people also in their profile (ACC-3)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.sessions.redirects import local_path
from accounts.users.services import set_language, set_theme
from manager.kit.requests import public

THEMES = {"light", "dark", "system"}
A_YEAR = 60 * 60 * 24 * 365


def _back(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(local_path(request.POST.get("next")))


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(
        name, value, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark or the system's; anything else is ignored."""
    wanted = request.POST.get("theme", "")
    response = _back(request)
    if wanted not in THEMES:
        return response
    if request.user.is_authenticated:
        set_theme(user=request.user, theme=wanted)
    return _remember(response, "theme", wanted)


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose one of the panel's languages; anything else is ignored."""
    wanted = request.POST.get("language", "")
    response = _back(request)
    if wanted not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        set_language(user=request.user, language=wanted)
    return _remember(response, settings.LANGUAGE_COOKIE_NAME, wanted)
