"""The back office's page of the providers' messages: what failed again and again, and handling it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.webhooks.forms import EventFilter
from billing.webhooks.rights import MEND_EVENTS
from billing.webhooks.selectors import list_events, list_sweeps
from billing.webhooks.services import replay_events
from manager.kit.filtered_list import filtered_list
from manager.kit.ids import MOST_SELECTED, parse_id


@require_safe
@staff_view(MEND_EVENTS)
def events(request: StaffRequest) -> HttpResponse:
    """List the messages of all providers, newest first."""
    context = filtered_list(request, filters=EventFilter, find=list_events) | {"sweeps": list_sweeps()}
    return render(request, "billing/webhooks/staff/events.html", context)


@require_POST
@staff_view(MEND_EVENTS)
def replay(request: StaffRequest) -> HttpResponse:
    """Let the selected messages be handled again."""
    ids = [parse_id(value) for value in request.POST.getlist("selected")[:MOST_SELECTED]]
    chosen = [number for number in ids if number is not None]
    done = replay_events(event_ids=chosen, actor=request.actor, at=request.at)
    if done:
        text = ngettext("%(count)d message is handled again.", "%(count)d messages are handled again.", done)
        messages.success(request, text % {"count": done})
    else:
        messages.info(request, _("Nothing was selected that waits in quarantine."))
    return redirect("billing:staff_messages")
