"""The calendar of expiries: its page, and the address that calendar programs read."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manager.kit.clock import day_in, now
from manager.kit.ratelimit import take
from manager.kit.requests import client_address, public
from manager.kit.scope import tenant_scope
from manager.kit.tokens import hash_secret
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.lists.calendars import find_calendar, find_reader, list_expiries, note_read
from products.lists.icalendar import write_calendar
from products.lists.services import end_calendar, make_calendar

OWN = Permission.MEMBERSHIP_OWN
HOUR = 3600
READS_AN_HOUR = 60
# Of one address of the net, whatever it asks for: secrets cannot be tried out.
TRIES_AN_HOUR = 600


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(OWN)
def calendar(request: OrganizationRequest) -> HttpResponse:
    """Explain the calendar; make its address, which is shown this once."""
    address = ""
    if request.method == "POST":
        secret = make_calendar(membership=request.membership, actor=request.actor, at=request.at)
        address = settings.PUBLIC_BASE_URL.rstrip("/") + reverse("products:calendar_feed", args=[secret])
    feed = find_calendar(membership=request.membership)
    response = render(request, "products/lists/calendar.html", {"feed": feed, "address": address})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@organization_view(OWN)
def end(request: OrganizationRequest) -> HttpResponse:
    """Let the address stop to work."""
    end_calendar(membership=request.membership, actor=request.actor, at=request.at)
    messages.success(request, _("The address of your calendar no longer works."))
    return redirect("products:calendar", organization_id=request.organization.pk)


@public
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program: the expiries that the member of this address may see now."""
    for key, limit in (
        (f"calendar:from:{client_address(request)}", TRIES_AN_HOUR),
        (f"calendar:{hash_secret(secret)}", READS_AN_HOUR),
    ):
        allowance = take(key, limit, HOUR)
        if not allowance.allowed:
            refusal = HttpResponse(status=429, content_type="text/plain; charset=utf-8")
            refusal["Retry-After"] = str(allowance.reset_seconds)
            return refusal
    at = now()
    reader = find_reader(secret=secret, at=at)
    if reader is None:
        raise Http404
    organization, person = reader.access.organization, reader.access.membership.user
    with tenant_scope(organization.pk, person.pk), translation.override(person.language):
        events = list_expiries(access=reader.access, today=day_in(organization.time_zone, at))
        note_read(reader.feed, at=at)
        name = _("Expiries of %(organization)s") % {"organization": organization.name}
        text = write_calendar(name=name, events=events, at=at)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="expiries.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
