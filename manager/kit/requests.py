"""What an edge knows of a request: the client's address and agent, and whether it is public."""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict

View = Callable[..., Any]


def client_address(request: HttpRequest) -> str | None:
    """Return the client's IP address as the web server reports it, or None when it is not one.

    Forwarding headers are the proxy's business: the web server is told which proxies to trust.
    """
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def client_agent(request: HttpRequest) -> str:
    """Return the client's user agent, at most 300 characters, without control characters."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    return "".join(character for character in agent if character.isprintable())[:300]


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form is to be filled with: the posted data, also when empty; None for a first look."""
    return request.POST if request.method == "POST" else None


def public(view: View) -> View:
    """Mark a page as open to everybody; a page without a mark or a permission fails a test."""
    view.is_public = True  # type: ignore[attr-defined]  # read by the resolver walk
    return view
