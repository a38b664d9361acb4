"""The back office's pages of Renewal Warranty: whom to reach, what came of it, renew now (PRD-12)."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from accounts.users.models import User
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from manager.kit.forms import StateFilter
from manager.kit.scope import tenant_scope
from organizations.members.selectors import list_billing_contacts
from products.warranty.forms import ContactForm
from products.warranty.models import ContactTask, WarrantyCase
from products.warranty.rights import RENEWAL_WARRANTY
from products.warranty.selectors import get_case, list_cases
from products.warranty.services import note_contact, renew_at_risk, send_contact
from products.warranty.status import CaseStatus, Means


@require_safe
@staff_view(RENEWAL_WARRANTY)
def cases(request: StaffRequest) -> HttpResponse:
    """List the domains that expired unpaid, newest first."""
    filters = StateFilter(request.GET, states=CaseStatus.choices, every=_("All"))
    page = list_cases(
        **filters.wanted,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "products/warranty/cases.html", {"page": page, **filters.shown})


@require_safe
@staff_view(RENEWAL_WARRANTY)
def case(request: StaffRequest, case_id: int) -> HttpResponse:
    """Show one domain: its owner, and the contacts that are made and to be made."""
    return _show(request, get_case(case_id=case_id), None, None, status=200)


def _show(
    request: StaffRequest,
    found: WarrantyCase,
    task: ContactTask | None,
    form: ContactForm | None,
    *,
    status: int,
) -> HttpResponse:
    with tenant_scope(found.organization_id):
        contacts = list_billing_contacts(organization_id=found.organization_id)
    phones = dict(
        User.objects.filter(pk__in=[contact.user_id for contact in contacts]).values_list("pk", "phone")
    )
    rows = sorted(found.contacts.all(), key=lambda row: (row.due_on, row.pk))
    context = {
        "case": found,
        "tasks": [
            (row, form if task is not None and row.pk == task.pk and form else _contact_form(row.means))
            for row in rows
        ],
        "people": [(contact, phones.get(contact.user_id, "")) for contact in contacts],
        "sendable": (Means.MAIL, Means.SMS),
        "today": day_in(found.organization.time_zone, request.at),
    }
    return render(request, "products/warranty/case.html", context, status=status)


def _contact_form(means: str, data: QueryDict | None = None) -> ContactForm:
    """Return the form of one contact; several stand on the page, so each has ids of its own."""
    return ContactForm(data, auto_id=f"id_{means}_%s")


@require_POST
@staff_view(RENEWAL_WARRANTY)
def contact(request: StaffRequest, case_id: int, means: str) -> HttpResponse:
    """Note what came of a contact or, with `send`, send the mail or the SMS."""
    found = get_case(case_id=case_id)
    task = next((row for row in found.contacts.all() if row.means == means), None)
    if task is None:
        raise NotFound
    form = _contact_form(means, request.POST)
    if request.POST.get("send") != "yes" and not form.is_valid():
        return _show(request, found, task, form, status=422)
    try:
        with tenant_scope(found.organization_id):
            if request.POST.get("send") == "yes":
                send_contact(task=task, user_id=request.user.pk, actor=request.actor, at=request.at)
            else:
                note_contact(
                    task=task,
                    user_id=request.user.pk,
                    actor=request.actor,
                    at=request.at,
                    **form.cleaned_data,
                )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The contact is noted."))
    return redirect("products:staff_warranty_case", case_id=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(RENEWAL_WARRANTY)
def renew(request: StaffRequest, case_id: int) -> HttpResponse:
    """Ask, then renew the domain at the operator's risk, before its day."""
    found = get_case(case_id=case_id)
    if request.method != "POST":
        return render(request, "products/warranty/renew.html", {"case": found})
    with tenant_scope(found.organization_id):
        renew_at_risk(case=found, actor=request.actor, at=request.at)
    messages.success(request, _("The domain is renewed. Its owner gets the invoice."))
    return redirect("products:staff_warranty_case", case_id=found.pk)
