"""The inbox of the demonstration, open to everybody who tries it."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from manager.demo.inbox.models import InboxAttachment, InboxMessage
from manager.kit.requests import public

PAGE = 30
# Mails carry their styles in the elements; the frame runs no script.
FRAMED = {"style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"], "script-src": ["'none'"]}


@public
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first, by a part of the recipient or subject."""
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = InboxMessage.objects.annotate(files=Count("attachments")).order_by("-pk")
    if wanted:
        found = found.filter(Q(recipient__icontains=wanted) | Q(subject__icontains=wanted))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.defer("text", "html")[: PAGE + 1])
    context = {
        "mails": rows[:PAGE],
        "q": wanted,
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "is_first": not before,
    }
    return render(request, "demo/inbox/inbox.html", context)


@public
@require_safe
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show one mail with its files."""
    mail = get_object_or_404(InboxMessage, pk=message_id)
    files = list(mail.attachments.defer("content"))
    return render(request, "demo/inbox/message.html", {"mail": mail, "files": files})


@public
@require_safe
@xframe_options_sameorigin
def html(request: HttpRequest, message_id: int) -> HttpResponse:
    """Give the mail as it looks, for a frame without scripts."""
    mail = get_object_or_404(InboxMessage, pk=message_id)
    response = HttpResponse(mail.html)
    response._csp_replace = FRAMED  # type: ignore[attr-defined]  # noqa: SLF001  (how django-csp is told)
    return response


@public
@require_safe
def attachment(request: HttpRequest, message_id: int, attachment_id: int) -> HttpResponse:
    """Give a file of the mail, always as a download."""
    row = get_object_or_404(InboxAttachment, pk=attachment_id, message_id=message_id)
    response = HttpResponse(bytes(row.content), content_type=row.mime_type)
    name = row.name.replace('"', "").replace("\r", "").replace("\n", "")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
