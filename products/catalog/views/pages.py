"""What the pages of the catalogue share: the day of the operator, forms that a verb may still refuse."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from accounts.sessions.staff import StaffRequest
from manager.kit.clock import day_in
from manager.kit.errors import DomainError

MOVES = {"up": -1, "down": 1}


def today_of(request: StaffRequest) -> date:
    """Return the day on which the request is made, where the installation stands."""
    return day_in(settings.TIME_ZONE, request.at)


def accepts(form: forms.Form, verb: Callable[[], Any]) -> bool:
    """Return whether the form is right and the verb agrees; a refusal stands beside the field that it names.

    A missing object is no matter of the form and goes on.
    """
    if not form.is_valid():
        return False
    try:
        verb()
    except DomainError as refused:
        if refused.status == 404:
            raise
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    return True


def status_of(form: forms.Form) -> int:
    """Return the status of a page with the form: 422 when it was sent and is not right."""
    return 422 if form.is_bound else 200
