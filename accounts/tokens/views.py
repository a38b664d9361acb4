"""Pages of API tokens."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.sudo import factor_sudo_view
from accounts.tokens.forms import ChangeTokenForm, RotateTokenForm, TokenFilter, TokenForm
from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import Scope
from accounts.tokens.selectors import (
    count_tokens,
    get_live_token,
    get_token,
    list_organizations_to_bind,
    page_of_tokens,
)
from accounts.tokens.services import change_token, create_token, revoke_token, rotate_token
from accounts.tokens.status import TokenState
from accounts.tokens.use import show_use
from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.requests import posted


@require_safe
@person_view
def tokens(request: PersonRequest) -> HttpResponse:
    """List one's tokens, the active ones first of all (ACC-16)."""
    values = TokenFilter(request.GET).checked()
    chosen = values["state"] or TokenState.ACTIVE.value
    state = None if chosen == "all" else TokenState(chosen)
    page = page_of_tokens(
        user=request.user,
        state=state,
        at=request.at,
        search=values["q"],
        after=values["after"],
        before=values["before"],
    )
    counts = count_tokens(user=request.user, at=request.at)
    names = list_organizations_to_bind(user=request.user)
    context = {
        "rows": [_describe(token, names, request) for token in page.rows],
        "page": page,
        "q": values["q"],
        "states": [
            {"value": each.value, "label": each.label, "count": counts[each], "current": each == state}
            for each in TokenState
        ],
        "narrowed": bool(values["q"]) or state is not TokenState.ACTIVE,
        "any": any(counts.values()),
    }
    return render(request, "accounts/tokens/tokens.html", context)


@require_safe
@person_view
def token(request: PersonRequest, token_id: int) -> HttpResponse:
    """Show one of one's tokens: what it may do, where, and how much it is used."""
    found = get_token(user=request.user, token_id=token_id)
    row = _describe(found, list_organizations_to_bind(user=request.user), request)
    both = found.previous_ends_at is not None and found.previous_hash and found.previous_ends_at > request.at
    context = {"both_work": both and row["usable"], **show_use(program=found, at=request.at)}
    return render(request, "accounts/tokens/token.html", {**row, **context})


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@factor_sudo_view
def token_create(request: PersonRequest) -> HttpResponse:
    """Make a token; its secret is shown in the answer and never again."""
    form = TokenForm(posted(request), organizations=list_organizations_to_bind(user=request.user))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_beside_fields(form):
            made, secret = create_token(
                user=request.user,
                name=given["name"],
                scopes=given["scopes"],
                organization_id=given["organization"],
                expires_at=request.at + timedelta(days=given["days"]),
                actor=request.actor,
                at=request.at,
            )
            return _show_secret(request, made, secret)
    return form_page(request, "accounts/tokens/token_create.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@factor_sudo_view
def token_change(request: PersonRequest, token_id: int) -> HttpResponse:
    """Change a token's name and what it may do."""
    found = get_live_token(user=request.user, token_id=token_id)
    form = ChangeTokenForm(posted(request), initial={"name": found.name, "scopes": found.scopes})
    if request.method == "POST" and form.is_valid():
        with refusals_beside_fields(form):
            change_token(token=found, actor=request.actor, at=request.at, **form.cleaned_data)
            messages.success(request, _("The token is changed."))
            return redirect("accounts:token", found.pk)
    return form_page(request, "accounts/tokens/token_change.html", form, token=found)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@factor_sudo_view
def token_rotate(request: PersonRequest, token_id: int) -> HttpResponse:
    """Give a token a new secret; the old one ends now or a little later."""
    found = get_live_token(user=request.user, token_id=token_id)
    form = RotateTokenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_beside_fields(form):
            rotated, secret = rotate_token(
                token=found,
                expires_at=request.at + timedelta(days=given["days"]),
                grace=given["grace"],
                actor=request.actor,
                at=request.at,
            )
            return _show_secret(request, rotated, secret)
    return form_page(request, "accounts/tokens/token_rotate.html", form, token=found)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
def token_revoke(request: PersonRequest, token_id: int) -> HttpResponse:
    """Ask, then end one of one's tokens."""
    found = get_live_token(user=request.user, token_id=token_id)
    if request.method == "POST":
        revoke_token(token=found, actor=request.actor, at=request.at)
        messages.success(request, _("The token %(name)s no longer works.") % {"name": found.name})
        return redirect("accounts:tokens")
    return render(request, "accounts/tokens/token_revoke.html", {"token": found})


def _describe(found: ApiToken, names: dict[int, str], request: PersonRequest) -> dict[str, Any]:
    return {
        "token": found,
        "organization": names.get(found.organization_id or 0, ""),
        "scopes": [Scope(scope).label for scope in found.scopes],
        "state": found.state_at(request.at),
        "usable": found.is_usable(request.at),
    }


def _show_secret(request: PersonRequest, made: ApiToken, secret: str) -> HttpResponse:
    context = {"token": made, "secret": secret, "base_url": settings.PUBLIC_BASE_URL}
    return render(request, "accounts/tokens/token_created.html", context)
