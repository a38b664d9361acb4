"""The start page of the back office: what waits, for those who may do it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.sessions.staff import ANY_RIGHT, StaffRequest, list_rights, staff_view
from manager.shell.staff.waiting import list_waiting


@require_safe
@staff_view(ANY_RIGHT)
def home(request: StaffRequest) -> HttpResponse:
    """Show what waits in the rooms that the person has a right for, and which rights these are."""
    labels = list_rights()
    context = {
        "waiting": list_waiting(rights=request.staff_rights, at=request.at),
        "rights": [label for right, label in labels.items() if right in request.staff_rights],
    }
    return render(request, "shell/staff/home.html", context)
