"""The back office's pages of provisioning: what could not be set up, what could not be performed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.errors import DomainError
from manager.kit.ids import MOST_SELECTED, parse_id
from manager.kit.keyset import paginate
from manager.kit.scope import tenant_scope
from products.provisioning.actions import describe_action
from products.provisioning.forms import TroubledFilterForm
from products.provisioning.models import Service, ServiceAction
from products.provisioning.registry import list_drivers
from products.provisioning.rights import MEND_SERVICES
from products.provisioning.selectors import (
    BY_CHANGE,
    BY_END,
    Trouble,
    list_failed_actions,
    list_health,
    list_troubled,
)
from products.provisioning.services import dismiss_action, retry_action, retry_service


@require_safe
@staff_view(MEND_SERVICES)
def services(request: StaffRequest) -> HttpResponse:
    """List the services that are not as they are wanted, newest word first, and how the drivers are."""
    wanted = TroubledFilterForm(request.GET).wanted()
    page = paginate(
        list_troubled(**wanted),
        key=BY_CHANGE,
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "troubles": [("", _("All that failed")), *Trouble.choices],
        "drivers": [("", _("All drivers")), *((name, name) for name in list_drivers())],
        "health": list_health(),
    }
    return render(request, "products/provisioning/staff/services.html", context)


@require_safe
@staff_view(MEND_SERVICES)
def actions(request: StaffRequest) -> HttpResponse:
    """List the actions that failed for good, newest first."""
    wanted = TroubledFilterForm(request.GET).wanted()
    page = paginate(
        list_failed_actions(search=wanted["search"]),
        key=BY_END,
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    rows = [(row, describe_action(kind=row.product.plan.kind, slug=row.slug)) for row in page.rows]
    context = {"page": page, "rows": rows, "wanted": wanted, "is_filtered": bool(wanted["search"])}
    return render(request, "products/provisioning/staff/actions.html", context)


@require_POST
@staff_view(MEND_SERVICES)
def retry_services(request: StaffRequest) -> HttpResponse:
    """Try the selected services again; what is in order by now is left alone."""
    found = list_troubled().filter(pk__in=_selected(request))
    for service in found:
        _retry_one(request, service)
    _tell(request, len(found))
    return redirect("products:staff_provisioning")


def _retry_one(request: StaffRequest, service: Service) -> None:
    with tenant_scope(service.organization_id):
        retry_service(service=service, actor=request.actor, at=request.at)


@require_POST
@staff_view(MEND_SERVICES)
def mend_actions(request: StaffRequest) -> HttpResponse:
    """Try the selected actions again, or give them up; those that cannot be are named with the reason."""
    found = list_failed_actions().filter(pk__in=_selected(request))
    verb = dismiss_action if request.POST.get("do") == "dismiss" else retry_action
    done = 0
    for action in found:
        try:
            with tenant_scope(action.organization_id):
                verb(action=action, actor=request.actor, at=request.at)
        except DomainError as error:
            _refused(request, action, error)
        else:
            done += 1
    _tell(request, done)
    return redirect("products:staff_provisioning_actions")


def _refused(request: StaffRequest, action: ServiceAction, error: DomainError) -> None:
    messages.error(request, f"{action.product.name}: {error}")


def _selected(request: HttpRequest) -> list[int]:
    ids = map(parse_id, request.POST.getlist("selected")[:MOST_SELECTED])
    return [number for number in ids if number is not None]


def _tell(request: HttpRequest, count: int) -> None:
    if count:
        done = ngettext("%(count)d entry is tried again.", "%(count)d entries are tried again.", count)
        dismissed = ngettext("%(count)d entry is given up.", "%(count)d entries are given up.", count)
        text = dismissed if request.POST.get("do") == "dismiss" else done
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Nothing was selected that waits."))
