"""Pages of an organization's receivers of billing messages (ORG-11)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.receivers import services
from billing.receivers.forms import NewReceiverForm, ReceiverForm
from billing.receivers.selectors import find_receivers, get_receiver
from billing.receivers.status import Message, ReceiverStatus
from manager.kit.errors import DomainError
from manager.kit.forms import StateFilter
from manager.kit.ids import require_ids
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.selectors import list_billing_contacts

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE
LIST = "billing:receivers"


@organization_view(VIEW)
@require_safe
def receivers(request: OrganizationRequest) -> HttpResponse:
    """List the addresses outside of the members, and name the members who get billing messages."""
    filters = StateFilter(request.GET, states=ReceiverStatus.choices, every=_("All"))
    rows = find_receivers(organization=request.organization, **filters.wanted)
    context = {
        "rows": [(row, [str(Message(kind).label) for kind in row.messages]) for row in rows],
        "members": list_billing_contacts(organization_id=request.organization.pk),
        **filters.shown,
        "can_manage": MANAGE in request.can,
    }
    return render(request, "billing/receivers/receivers.html", context)


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_receiver(request: OrganizationRequest) -> HttpResponse:
    """Add an address; it is asked by mail."""
    start = {"language": request.organization.language, "messages": Message.values}
    form = NewReceiverForm(posted(request), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_receiver(
                organization=request.organization, **form.cleaned_data, actor=request.actor, at=request.at
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(
                request,
                _("We have asked %(address)s by mail. Messages go there as soon as its reader agrees.")
                % {"address": row.email},
            )
            return redirect(LIST, request.organization.pk)
    return _form_page(request, form, title=_("Add an address"))


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_receiver(request: OrganizationRequest, receiver_id: int) -> HttpResponse:
    """Change what an address gets."""
    row = get_receiver(organization=request.organization, receiver_id=receiver_id)
    form = ReceiverForm(posted(request), initial=ReceiverForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            row = services.change_receiver(
                receiver=row, **form.cleaned_data, actor=request.actor, at=request.at
            )
        except DomainError as error:
            form.add_error("messages", str(error.message))
        else:
            messages.success(request, _("The receiver was changed."))
            if row.asked_at == request.at:
                text = _("We have asked %(address)s by mail. Messages go there as soon as its reader agrees.")
                messages.info(request, text % {"address": row.email})
            return redirect(LIST, request.organization.pk)
    return _form_page(request, form, title=row.email)


def _form_page(request: OrganizationRequest, form: ReceiverForm, *, title: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title}
    return render(request, "billing/receivers/form.html", context, status=422 if form.errors else 200)


@organization_view(MANAGE)
@require_POST
def ask_receiver(request: OrganizationRequest, receiver_id: int) -> HttpResponse:
    """Mail the question again."""
    row = get_receiver(organization=request.organization, receiver_id=receiver_id)
    try:
        row = services.ask_receiver(receiver=row, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        if row.status == ReceiverStatus.WAITING:
            messages.success(
                request, _("We have asked %(address)s by mail once more.") % {"address": row.email}
            )
    return redirect(LIST, request.organization.pk)


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_receivers(request: OrganizationRequest) -> HttpResponse:
    """Ask, then take the selected addresses from the list."""
    data = request.POST if request.method == "POST" else request.GET
    ids = require_ids(data.getlist("selected"))
    if request.method == "POST" and data.get("asked") == "yes":
        removed = services.remove_receivers(
            organization=request.organization, receiver_ids=ids, actor=request.actor, at=request.at
        )
        text = ngettext(
            "%(count)d address gets no more messages.",
            "%(count)d addresses get no more messages.",
            len(removed),
        )
        messages.success(request, text % {"count": len(removed)})
        return redirect(LIST, request.organization.pk)
    rows = list(find_receivers(organization=request.organization).filter(pk__in=ids))
    if not rows:
        messages.info(request, _("Select at least one address first."))
        return redirect(LIST, request.organization.pk)
    return render(request, "billing/receivers/remove.html", {"rows": rows})
