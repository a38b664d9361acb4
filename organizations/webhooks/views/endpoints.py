"""Pages of endpoints (API-6)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.sudo import sudo_page
from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.webhooks import services
from organizations.webhooks.catalogue import events_for
from organizations.webhooks.forms import EndpointFilter, EndpointForm
from organizations.webhooks.models import WebhookEndpoint
from organizations.webhooks.selectors import get_endpoint, list_endpoints, may_see
from organizations.webhooks.status import EndpointStatus

MANAGE = Permission.ORGANIZATION_MANAGE


@require_safe
@organization_view(MANAGE)
def webhooks(request: OrganizationRequest) -> HttpResponse:
    """List the endpoints to which messages are sent."""
    asked = EndpointFilter(request.GET).checked()
    rows = list_endpoints(organization=request.organization, status=asked["status"], search=asked["q"])
    context = {
        "rows": [(row, may_see(row, can=request.can)) for row in rows],
        "q": asked["q"],
        "status": asked["status"],
        "statuses": [("", _("All")), *EndpointStatus.choices],
    }
    return render(request, "organizations/webhooks/webhooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(MANAGE)
@sudo_page
def add_webhook(request: OrganizationRequest) -> HttpResponse:
    """Add an endpoint; its secret is shown in the answer and never again."""
    start = {"events": [event.name for event in events_for(request.can)]}
    form = EndpointForm(posted(request), can=request.can, initial=start)
    if request.method == "POST" and form.is_valid():
        with refusals_beside_fields(form):
            made, secret = services.add_endpoint(
                organization=request.organization,
                **form.cleaned_data,
                can=request.can,
                actor=request.actor,
                at=request.at,
            )
            return _show_secret(request, made, secret, is_new=True)
    return form_page(request, "organizations/webhooks/form.html", form, title=_("Add an endpoint"))


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(MANAGE)
def edit_webhook(request: OrganizationRequest, webhook_id: int) -> HttpResponse:
    """Change address, events and description; who cannot see it is not even asked for a proof."""
    return _edit(request, find_endpoint(request, webhook_id))


@sudo_page
def _edit(request: OrganizationRequest, row: WebhookEndpoint) -> HttpResponse:
    shown = {"url": row.url, "description": row.description, "events": row.events}
    form = EndpointForm(posted(request), can=request.can, initial=shown)
    if request.method == "POST" and form.is_valid():
        with refusals_beside_fields(form):
            services.change_endpoint(
                endpoint=row, **form.cleaned_data, can=request.can, actor=request.actor, at=request.at
            )
            messages.success(request, _("The endpoint is changed."))
            return to_endpoint(row)
    return form_page(request, "organizations/webhooks/form.html", form, title=_("Edit the endpoint"), row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(MANAGE)
def rotate_webhook_secret(request: OrganizationRequest, webhook_id: int) -> HttpResponse:
    """Ask, then give the endpoint a new secret; who cannot see it is not even asked for a proof."""
    return _rotate(request, find_endpoint(request, webhook_id))


@sudo_page
def _rotate(request: OrganizationRequest, row: WebhookEndpoint) -> HttpResponse:
    if request.method == "POST":
        secret = services.rotate_secret(endpoint=row, can=request.can, actor=request.actor, at=request.at)
        return _show_secret(request, row, secret, is_new=False)
    return render(request, "organizations/webhooks/rotate.html", {"row": row})


@require_POST
@organization_view(MANAGE)
def enable_webhook(request: OrganizationRequest, webhook_id: int) -> HttpResponse:
    """Send messages there again."""
    row = find_endpoint(request, webhook_id)
    services.enable_endpoint(endpoint=row, can=request.can, actor=request.actor, at=request.at)
    messages.success(request, _("New messages are sent there from now on."))
    return to_endpoint(row)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(MANAGE)
def disable_webhook(request: OrganizationRequest, webhook_id: int) -> HttpResponse:
    """Ask, then send nothing there any more."""
    row = find_endpoint(request, webhook_id)
    if request.method == "POST":
        services.disable_endpoint(endpoint=row, can=request.can, actor=request.actor, at=request.at)
        messages.success(request, _("Nothing is sent there any more."))
        return to_endpoint(row)
    return render(request, "organizations/webhooks/disable.html", {"row": row})


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(MANAGE)
def delete_webhook(request: OrganizationRequest, webhook_id: int) -> HttpResponse:
    """Ask, then delete the endpoint with its log."""
    row = find_endpoint(request, webhook_id)
    if request.method == "POST":
        services.delete_endpoint(endpoint=row, can=request.can, actor=request.actor, at=request.at)
        messages.success(request, _("The endpoint is deleted."))
        return redirect("organizations:webhooks", request.organization.pk)
    return render(request, "organizations/webhooks/delete.html", {"row": row})


def find_endpoint(request: OrganizationRequest, webhook_id: int) -> WebhookEndpoint:
    """Return the endpoint of the address.

    :raises NotFound: the organization has none of that id.
    :raises EventsNotSeen: it gets what the member does not see.
    """
    return get_endpoint(organization=request.organization, endpoint_id=webhook_id, can=request.can)


def to_endpoint(row: WebhookEndpoint) -> HttpResponse:
    """Return the way to an endpoint's page."""
    return redirect("organizations:webhook", row.organization_id, row.pk)


def _show_secret(
    request: OrganizationRequest, row: WebhookEndpoint, secret: str, *, is_new: bool
) -> HttpResponse:
    context = {"row": row, "secret": secret, "is_new": is_new}
    return render(request, "organizations/webhooks/secret.html", context)
