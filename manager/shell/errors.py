"""The pages of refusals and mistakes; scripts get the API's error shape instead."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from manager.kit.errors import DomainError

PAGES = {400, 403, 404, 405, 429, 500}


def _page(request: HttpRequest, status: int, code: str, **context: Any) -> HttpResponse:
    if request.path.startswith("/api/"):
        error = {"code": code, "description": str(context.get("message") or ""), "context": {}}
        return JsonResponse({"result": "error", "error": error}, status=status)
    template = f"errors/{status if status in PAGES else 400}.html"
    return render(request, template, context, status=status)


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Show a verb's refusal; a NotFound looks exactly like a page that does not exist."""
    if error.status == 404:
        return page_not_found(request)
    return _page(request, error.status, error.code, message=error.message)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show that the request could not be understood."""
    return _page(request, 400, "malformed_request", message=_("The request could not be understood."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show which right is missing and who can give it, where the guard said so."""
    details = getattr(exception, "context", {})
    return _page(request, 403, "access_denied", message=_("You do not have the right to do this."), **details)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show that there is nothing here, the same to strangers and for what never existed."""
    return _page(request, 404, "object_not_found", message=_("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Show that the mistake is ours."""
    return _page(request, 500, "unexpected_error", message=_("Something went wrong on our side."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show that the form was sent without its protection, with a way back."""
    message = _("This form is no longer valid. Please go back, reload the page and send it again.")
    return _page(request, 403, "csrf_failed", message=message)
