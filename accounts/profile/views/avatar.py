"""The person's picture: its upload, its removal, and the picture itself (ACC-14, INC-29)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.profile.forms import AvatarForm
from accounts.profile.selectors import find_avatar
from accounts.profile.services import remove_avatar, set_avatar
from accounts.sessions.guards import PersonRequest, person_view
from manager.kit.images import ImageRefused
from manager.kit.pictures import picture_response


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
def avatar_change(request: PersonRequest) -> HttpResponse:
    """Set or replace the picture."""
    is_sent = request.method == "POST"
    form = AvatarForm(request.POST, request.FILES) if is_sent else AvatarForm()
    if is_sent and form.is_valid():
        try:
            set_avatar(user=request.user, data=form.cleaned_data["file"], actor=request.actor, at=request.at)
        except ImageRefused as refused:
            form.add_error("file", str(refused.message))
        else:
            messages.success(request, _("Your picture is saved."))
            return redirect("accounts:profile")
    return render(request, "accounts/profile/avatar.html", {"form": form}, status=422 if is_sent else 200)


@person_view
@require_POST
def avatar_remove(request: PersonRequest) -> HttpResponse:
    """Show the initials again."""
    remove_avatar(user=request.user, actor=request.actor, at=request.at)
    messages.success(request, _("Your picture is removed."))
    return redirect("accounts:profile")


@require_safe
@person_view
def avatar(request: PersonRequest, digest: str) -> HttpResponse:
    """Give a picture to signed-in people who were shown its address, which nobody can guess."""
    found = find_avatar(digest=digest)
    if found is None:
        raise Http404
    return picture_response(bytes(found.data), mime_type=found.mime_type, digest=found.digest)
