"""The REST base: one shape of success, one shape of error, deny unless granted.

Success is `{"result": "success", "data": …}`, work that was only started `{"result": "asynchronous", "data":
{"task": …}}` (`organizations.progress.api`), an error is
`{"result": "error", "error": {"code", "description", "context"}}` (API-4).
"""

import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from manager.kit.errors import DomainError, Text
from manager.kit.money import Money

if TYPE_CHECKING:  # rest_framework.views reads its settings, which name this module, while it is imported
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)

CODES: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: "not_authorized",
    exceptions.AuthenticationFailed: "not_authorized",
    exceptions.PermissionDenied: "access_denied",
    exceptions.NotFound: "object_not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "too_many_requests",
    exceptions.ParseError: "malformed_request",
    exceptions.ValidationError: "validation_failed",
}


class Denied(BasePermission):
    """The default permission: nobody. Each operation names its own (deny unless granted)."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Refuse everyone."""
        return False


def success(data: Any, *, code: int = status.HTTP_200_OK, **envelope: Any) -> Response:
    """Return a successful answer with `data`; `envelope` adds keys beside it (pages, totals)."""
    return Response({"result": "success", "data": data, **envelope}, status=code)


def failure(code: str, description: Text, *, http_status: int, context: Any = None) -> Response:
    """Return an error answer in the one shape of the API."""
    error = {"code": code, "description": str(description), "context": context or {}}
    return Response({"result": "error", "error": error}, status=http_status)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn every refusal into the API's error shape; None (a 500) only for our own mistakes."""
    if isinstance(exc, DomainError):
        fields = {"fields": {exc.field: [str(exc.message)]}} if exc.field else {}
        # A missing object needs no words of its own.
        unnamed = exceptions.NotFound.default_detail if exc.status == status.HTTP_404_NOT_FOUND else exc.code
        description = str(exc.message or unnamed)
        answer = failure(
            exc.code, description, http_status=exc.status, context={**_told(exc.context), **fields}
        )
        if retry_after := exc.context.get("retry_after"):
            answer["Retry-After"] = str(retry_after)
        return answer
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, DataError):
        logger.warning("A value reached the database that it refused: %s", exc)
        exc = exceptions.ParseError(_("A value is out of range."))
    if not isinstance(exc, exceptions.APIException):
        return None
    answer = _answer_to(exc)
    if auth_header := getattr(exc, "auth_header", None):
        answer["WWW-Authenticate"] = auth_header
    return answer


def _told(context: dict[str, Any]) -> dict[str, Any]:
    """Return what a refusal tells, amounts as the API writes them."""
    return {name: told.as_dict() if isinstance(told, Money) else told for name, told in context.items()}


def _answer_to(exc: exceptions.APIException) -> Response:
    if isinstance(exc, exceptions.ValidationError):
        return failure(
            "validation_failed",
            _("Some fields need another value."),
            http_status=status.HTTP_422_UNPROCESSABLE_ENTITY,
            context={"fields": exc.detail},
        )
    code = next((name for kind, name in CODES.items() if isinstance(exc, kind)), "refused")
    return failure(code, str(exc.detail), http_status=exc.status_code)
