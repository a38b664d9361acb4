"""The guard of the operator's back office: staff, with a second factor in this session, with the right.

The rights are Django's permissions, given to a person or a group; each app names its own at start-up.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.sessions.guards import PersonRequest, answer_person, ask_to_sign_in, enter_request
from accounts.users.models import User
from accounts.users.selectors import has_second_factor
from manager.kit.actor import ActorKind
from manager.kit.errors import Text

View = Callable[..., HttpResponse]

# A page that every member of the staff may open.
ANY_RIGHT = ""

_labels: dict[str, Text] = {}


class StaffRequest(PersonRequest):
    """A request of the operator's staff; `staff_rights` are those that the person has."""

    staff_rights: frozenset[str]


def register_right(right: str, label: Text) -> None:
    """Name a right of the back office, `app.codename`, for lists and refusals; called at start-up."""
    _labels[right] = label


def list_rights() -> dict[str, Text]:
    """Return every right of the back office with what it is called."""
    return dict(_labels)


def rights_of(user: User) -> frozenset[str]:
    """Return the rights of the back office that a member of the staff has, also through groups."""
    return frozenset(user.get_all_permissions()) & _labels.keys() if user.is_staff else frozenset()


def staff_view(permission: str) -> Callable[[View], View]:
    """Open a page of the back office to staff who have `permission` (`ANY_RIGHT`: to all staff).

    Anonymous people sign in first. Who is no staff gets the answer of a missing page. Staff without a
    second factor in this session never come in, but are led to one (ACC-8, INC-15). Who lacks the right
    is told which one. Safe methods run in one transaction; the actor is of the kind staff.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if not request.user.is_staff:
                raise Http404
            if not request.user.is_verified():  # type: ignore[attr-defined]  # by django-otp's middleware
                return _lead_to_second_factor(request)
            entered = _enter(request)
            if permission != ANY_RIGHT and permission not in entered.staff_rights:
                context = {"missing": _labels.get(permission, permission)}
                return render(request, "errors/403.html", context, status=403)
            return answer_person(view, entered, *args, **kwargs)

        guarded.staff_permission = permission  # type: ignore[attr-defined]  # read by the resolver walk
        return guarded

    return guard


def _enter(request: HttpRequest) -> StaffRequest:
    entered: Any = enter_request(request)
    entered.actor = replace(entered.actor, kind=ActorKind.STAFF)
    entered.staff_rights = rights_of(entered.user)
    return entered  # type: ignore[no-any-return]  # the same request


def _lead_to_second_factor(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    context = {"has_factor": has_second_factor(user)}
    return render(request, "accounts/staff/second_factor.html", context, status=403)
