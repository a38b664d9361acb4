"""The page of a person's history."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.profile.history import FAILED, label_of, list_history, page_of
from accounts.sessions.agents import name_browser, name_system
from accounts.sessions.guards import PersonRequest, person_view

FILTERS = ("", "sign-ins", "failed")


@require_safe
@person_view
def history(request: PersonRequest) -> HttpResponse:
    """Show sign-ins and what happened to the way in, newest first (ACC-14)."""
    only = request.GET.get("only", "")
    only = only if only in FILTERS else ""
    events = list_history(user=request.user, only=only)
    page = page_of(events, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    rows = [
        {
            "event": event,
            "label": label_of(event.name),
            "is_failed": event.name in FAILED,
            "browser": name_browser(event.agent) if event.agent else "",
            "system": name_system(event.agent) if event.agent else "",
            "detail": event.details.get("name") or "",
        }
        for event in page.rows
    ]
    return render(request, "accounts/profile/history.html", {"page": page, "rows": rows, "only": only})
