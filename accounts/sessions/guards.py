"""The guard of a person's own pages, and what every guard knows of who asks.

A person counts as signed in only after all steps: until the second factor is given, the session knows
nobody (INC-15), so that `request.user.is_authenticated` is the whole answer for every guard.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.template.response import SimpleTemplateResponse

from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind
from manager.kit.clock import now
from manager.kit.requests import client_address, client_agent
from manager.kit.scope import person_scope

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., HttpResponse]
# A page, or a file that is written while it is sent.
Answer = TypeVar("Answer", bound=HttpResponseBase)


class PersonRequest(HttpRequest):
    """A request of a signed-in person."""

    user: User
    actor: Actor
    at: datetime


def person_view(view: View) -> View:
    """Open a page to every signed-in person; others sign in first and come back.

    The view finds `request.actor` and `request.at`, and runs in the person's scope; safe methods run
    in one transaction, others not, so that verbs can commit their steps.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return answer_person(view, enter_request(request), *args, **kwargs)

    guarded.is_person_view = True  # type: ignore[attr-defined]  # read by the resolver walk
    return guarded


def answer_person(view: View, entered: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Run a view in the person's scope, safe methods in one transaction."""
    with person_scope(entered.user.pk):
        if entered.method not in SAFE:
            return rendered(view(entered, *args, **kwargs))
        with transaction.atomic():
            return rendered(view(entered, *args, **kwargs))


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page, and back afterwards.

    A form that was sent cannot be sent again after signing in: that way leads to the start.
    """
    came_for = request.get_full_path() if request.method in SAFE else "/"
    return redirect_to_login(came_for, resolve_url("accounts:sign_in"))


def enter_request(request: HttpRequest) -> PersonRequest:
    """Note on the request of a signed-in person who asks, from where, and when."""
    entered: Any = request
    entered.at = now()
    entered.actor = actor_of(request, request.user)
    return entered  # type: ignore[no-any-return]  # the same request


def actor_of(request: HttpRequest, user: Any) -> Actor:
    """Return the actor for a request: the person, or a visitor where there is none."""
    address, agent = client_address(request), client_agent(request)
    if user is None or not user.is_authenticated:
        return Actor(ActorKind.VISITOR, address=address, agent=agent)
    return Actor(ActorKind.PERSON, user.pk, user.name, address=address, agent=agent)


def rendered(response: Answer) -> Answer:
    """Render a lazy answer while the scope lasts."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response
