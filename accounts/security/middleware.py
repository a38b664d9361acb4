"""Who has a temporary login chooses a new one before anything else (ACC-13)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

GetResponse = Callable[[HttpRequest], HttpResponse]

# What it takes to choose a new login; pages open to everybody show nothing of the person's.
OPEN = frozenset(
    {
        "accounts:login_change",
        "accounts:login_change_resend",
        "accounts:login_change_cancel",
        "accounts:login_change_confirm",
        "accounts:prove",
    }
)


class TemporaryLogin:
    """Lead a person with a temporary login to the choice of a new one, from every page of the panel."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer instead of the page where the page is not open yet."""
        user = request.user
        if not user.is_authenticated or not user.has_temporary_login or getattr(view, "is_public", False):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in OPEN:
            return None
        return redirect("accounts:login_change")
