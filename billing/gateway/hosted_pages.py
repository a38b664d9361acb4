"""Let forms of a page lead to the provider's hosted pages: Chrome applies `form-action` to redirects."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

from billing.gateway.registry import all_gateways

View = Callable[..., HttpResponseBase]


def leads_to_provider(view: View) -> View:
    """Add the providers' origins to `form-action` of what the view answers."""

    @wraps(view)
    def widened(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        origins = [origin for gateway in all_gateways() for origin in gateway.redirect_origins()]
        response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]  # noqa: SLF001  (django-csp reads it)
        return response

    return widened
