"""Where the machines of a driver call back: an open door with a signature check (INC-22)."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from manager.kit.clock import now
from manager.kit.requests import public
from products.provisioning.protocol import CallbackRefused, CallsBack
from products.provisioning.registry import get_driver
from products.provisioning.services import take_callback

logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024


@public
@csrf_exempt
@require_POST
def callback(request: HttpRequest, driver: str) -> HttpResponse:
    """Take one call-back. 200 says that it was read; `applied`, whether it was the first word of its call."""
    try:
        found = get_driver(driver)
    except LookupError:
        return _refuse("driver_unknown", 404)
    if not isinstance(found, CallsBack):
        return _refuse("driver_unknown", 404)
    body = _read(request)
    if body is None:
        return _refuse("too_large", 413)
    at = now()
    try:
        said = found.read_callback(body=body, headers=request.headers, at=at)
    except CallbackRefused as error:
        logger.warning("A call-back for %s was refused: %s", driver, error)
        return _refuse("callback_refused", 400)
    return JsonResponse({"received": True, "applied": take_callback(driver=driver, callback=said, at=at)})


def _read(request: HttpRequest) -> bytes | None:
    """Return the body, or None when it is larger than any call-back is."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > MAX_BYTES:
        return None
    body = request.read(MAX_BYTES + 1)
    return body if len(body) <= MAX_BYTES else None


def _refuse(code: str, status: int) -> HttpResponse:
    return JsonResponse({"received": False, "code": code}, status=status)
