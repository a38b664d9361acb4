"""Where payment providers call: an open door with a signature check (INC-22)."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.gateway.errors import GatewayUnknown
from billing.gateway.registry import gateway_for
from billing.webhooks.services import follow_event, store_event
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.requests import public

logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024


@public
@csrf_exempt
@require_POST
def receive(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take one message: checked, stored, then acted upon. 2xx says only that it is stored."""
    payload = _read(request)
    if payload is None:
        return _refuse("too_large", 413)
    at = now()
    try:
        provider = gateway_for(gateway)
        event = provider.parse_webhook(
            payload=payload, signature=request.headers.get(provider.signature_header, "")
        )
    except GatewayUnknown as error:
        return _refuse(error.code, 404)
    except DomainError as error:
        return _refuse(error.code, error.status)
    stored = store_event(gateway=gateway, event=event, at=at)
    try:
        follow_event(event=stored, at=at)
    except DatabaseError:
        # It is stored: the periodic drain acts on it once its lease has ended.
        logger.exception("The message %s is kept for later.", stored.reference)
    return JsonResponse({"received": True})


def _read(request: HttpRequest) -> bytes | None:
    """Return the body, or None when it is larger than any message is."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BYTES:
        return None
    payload = request.read(MAX_BYTES + 1)
    return payload if len(payload) <= MAX_BYTES else None


def _refuse(code: str, status: int) -> HttpResponse:
    return JsonResponse({"received": False, "code": code}, status=status)
