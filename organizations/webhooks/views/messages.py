"""Pages of what was sent to an endpoint (API-6)."""

import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manager.kit.clock import day_in, start_of_day
from manager.kit.errors import DomainError
from manager.kit.filtered_list import filtered_list
from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.webhooks import services
from organizations.webhooks.catalogue import label_of
from organizations.webhooks.forms import MessageFilter, ResendForm
from organizations.webhooks.models import WebhookMessage
from organizations.webhooks.selectors import get_message, list_messages
from organizations.webhooks.views.endpoints import MANAGE, find_endpoint, to_endpoint


@require_safe
@organization_view(MANAGE)
def webhook(request: OrganizationRequest, webhook_id: int) -> HttpResponse:
    """Show an endpoint with what was sent there, newest first."""
    row = find_endpoint(request, webhook_id)

    def find(*, event: str, status: str) -> Any:
        return list_messages(endpoint=row, can=request.can, event=event, status=status).defer("body", "log")

    context = filtered_list(request, filters=MessageFilter, find=find)
    context |= {
        "row": row,
        "events": [(name, label_of(name)) for name in row.events],
        "messages_sent": [(message, label_of(message.event)) for message in context["page"].rows],
        "signs_twice": row.former_until is not None and request.at < row.former_until,
    }
    return render(request, "organizations/webhooks/webhook.html", context)


@require_POST
@organization_view(MANAGE)
def test_webhook(request: OrganizationRequest, webhook_id: int) -> HttpResponse:
    """Send a test; its page tells how it went."""
    row = find_endpoint(request, webhook_id)
    try:
        made = services.send_test(endpoint=row, can=request.can, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.error(request, str(error))
        return to_endpoint(row)
    messages.success(request, _("The test is on its way. Reload the page to see what came of it."))
    return _to_message(made)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(MANAGE)
def resend_failed_webhook_messages(request: OrganizationRequest, webhook_id: int) -> HttpResponse:
    """Ask since when, then send again what was given up."""
    row = find_endpoint(request, webhook_id)
    zone = request.organization.time_zone
    form = ResendForm(posted(request), initial={"since": day_in(zone, request.at - timedelta(days=7))})
    if request.method == "POST" and form.is_valid():
        with refusals_beside_fields(form):
            count = services.resend_failed(
                endpoint=row,
                since=start_of_day(form.cleaned_data["since"], zone),
                can=request.can,
                actor=request.actor,
                at=request.at,
            )
            text = ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", count)
            messages.success(request, text % {"count": count})
            return to_endpoint(row)
    return form_page(request, "organizations/webhooks/resend.html", form, row=row)


@require_safe
@organization_view(MANAGE)
def webhook_message(request: OrganizationRequest, webhook_id: int, webhook_message_id: int) -> HttpResponse:
    """Show a message: what it says, what was sent each time, and what was answered."""
    row = find_endpoint(request, webhook_id)
    message = get_message(endpoint=row, message_id=webhook_message_id, can=request.can)
    context = {
        "row": row,
        "message": message,
        "label": label_of(message.event),
        "body": json.dumps(json.loads(message.body), indent=2, ensure_ascii=False),
        "tries": [{**line, "at": parse_datetime(line["at"])} for line in reversed(message.log)],
    }
    return render(request, "organizations/webhooks/message.html", context)


@require_POST
@organization_view(MANAGE)
def resend_webhook_message(
    request: OrganizationRequest, webhook_id: int, webhook_message_id: int
) -> HttpResponse:
    """Send a message once more."""
    row = find_endpoint(request, webhook_id)
    message = get_message(endpoint=row, message_id=webhook_message_id, can=request.can)
    try:
        services.resend_message(
            endpoint=row, message=message, can=request.can, actor=request.actor, at=request.at
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The message is sent again. Reload the page to see what came of it."))
    return _to_message(message)


def _to_message(message: WebhookMessage) -> HttpResponse:
    return redirect("organizations:webhook_message", message.organization_id, message.endpoint_id, message.pk)
