"""Pages of API tokens."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.sudo import sudo_view
from accounts.tokens.forms import TokenForm
from accounts.tokens.scopes import Scope
from accounts.tokens.selectors import get_token, list_organizations_to_bind, list_tokens
from accounts.tokens.services import create_token, revoke_token
from manager.kit.errors import DomainError
from manager.kit.requests import posted


@person_view
@require_http_methods(["GET", "HEAD"])
def tokens(request: PersonRequest) -> HttpResponse:
    """List one's tokens (ACC-16)."""
    names = list_organizations_to_bind(user=request.user)
    rows = [
        {
            "token": token,
            "organization": names.get(token.organization_id or 0, ""),
            "scopes": [Scope(scope).label for scope in token.scopes],
            "usable": token.is_usable(request.at),
        }
        for token in list_tokens(user=request.user)
    ]
    return render(request, "accounts/tokens/tokens.html", {"rows": rows})


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
def token_create(request: PersonRequest) -> HttpResponse:
    """Make a token; its secret is shown in the answer and never again."""
    form = TokenForm(posted(request), organizations=list_organizations_to_bind(user=request.user))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            token, secret = create_token(
                user=request.user,
                name=given["name"],
                scopes=given["scopes"],
                organization_id=given["organization"],
                expires_at=request.at + timedelta(days=given["days"]),
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            form.add_error(refused.field, str(refused))
        else:
            context = {"token": token, "secret": secret, "base_url": settings.PUBLIC_BASE_URL}
            return render(request, "accounts/tokens/token_created.html", context)
    return render(
        request, "accounts/tokens/token_create.html", {"form": form}, status=422 if form.is_bound else 200
    )


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: PersonRequest, token_id: int) -> HttpResponse:
    """Ask, then end one of one's tokens."""
    token = get_token(user=request.user, token_id=token_id)
    if request.method == "POST":
        revoke_token(token=token, actor=request.actor, at=request.at)
        messages.success(request, _("The token %(name)s no longer works.") % {"name": token.name})
        return redirect("accounts:tokens")
    return render(request, "accounts/tokens/token_revoke.html", {"token": token})
