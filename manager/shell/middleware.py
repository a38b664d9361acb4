"""What every request passes: headers against caching, the person's language, refusals as pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from manager.kit.errors import DomainError
from manager.shell.errors import refusal

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Keep what a signed-in person sees out of every cache, and lock the browser's features (INC-33)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers of the house."""
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        if not response.has_header("Cache-Control") or (user is not None and user.is_authenticated):
            response["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


class PersonPreferences:
    """Speak the signed-in person's language and show his or her time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the person's language; visitors keep what the cookie or the browser says."""
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        request.LANGUAGE_CODE = user.language
        with translation.override(user.language), timezone.override(user.time_zone):
            response = self.get_response(request)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            response.headers["Content-Language"] = user.language
            return response


class DomainErrors:
    """Show a verb's refusal as a page with its status, where a view did not show it beside a field."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a DomainError into a page; leave everything else to Django."""
        if isinstance(exception, DomainError):
            return refusal(request, exception)
        return None
