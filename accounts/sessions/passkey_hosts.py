"""Where passkeys work: they belong to a host name, never to an address of numbers."""

import ipaddress
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def can_have_passkeys() -> bool:
    """Return whether the panel's public address is one to which browsers bind passkeys."""
    host = settings.OTP_WEBAUTHN_RP_ID
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return False
    return any(
        origin.startswith("https://") or host == "localhost"
        for origin in settings.OTP_WEBAUTHN_ALLOWED_ORIGINS
    )


def works_here(request: HttpRequest) -> bool:
    """Return whether the browser shows the panel under the name to which passkeys are bound."""
    host, _port = split_domain_port(request.get_host())
    return can_have_passkeys() and host == settings.OTP_WEBAUTHN_RP_ID


def describe_place(request: HttpRequest) -> dict[str, Any]:
    """Return what pages say about it: `works_here`, and `right_address` where it does not."""
    return {"works_here": works_here(request), "right_address": right_address(request)}


def right_address(request: HttpRequest) -> str:
    """Return the address of the same page where passkeys work; empty where they work nowhere."""
    origin = settings.OTP_WEBAUTHN_ALLOWED_ORIGINS[0] if can_have_passkeys() else ""
    return f"{origin}{request.get_full_path()}" if origin else ""
