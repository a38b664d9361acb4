"""The wizard that ends an organization: its conditions, then the last step (ORG-14)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.sudo import sudo_page
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission, Role
from organizations.deletion.conditions import list_conditions
from organizations.deletion.forms import DeletionForm
from organizations.deletion.services import delete_organization


@require_safe
@organization_view(Permission.ORGANIZATION_MANAGE)
def deletion(request: OrganizationRequest) -> HttpResponse:
    """Show each condition, met or not, with a button that leads to meeting it."""
    conditions = list_conditions(organization_id=request.organization.pk, at=request.at)
    context = {
        "conditions": conditions,
        "is_ready": all(condition.met for condition in conditions),
        "is_representative": request.membership.role == Role.LEGAL_REPRESENTATIVE,
    }
    return render(request, "organizations/deletion/conditions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
@sudo_page
def delete(request: OrganizationRequest) -> HttpResponse:
    """Ask for the typed name after a fresh proof, and delete."""
    may_mail = Permission.BILLING_VIEW in request.can
    data = request.POST if request.method == "POST" else None
    form = DeletionForm(data, may_mail=may_mail)
    conditions = list_conditions(organization_id=request.organization.pk, at=request.at)
    if request.method != "POST" and not all(condition.met for condition in conditions):
        return redirect("organizations:deletion", organization_id=request.organization.pk)
    if form.is_valid():
        name = request.organization.name
        try:
            delete_organization(
                membership=request.membership,
                typed_name=form.cleaned_data["name"],
                mail_invoices=form.cleaned_data.get("mail_invoices", False),
                actor=request.actor,
                at=request.at,
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("%(name)s is deleted.") % {"name": name})
            return redirect("organizations:mine")
    status = 200 if data is None else 422
    return render(request, "organizations/deletion/delete.html", {"form": form}, status=status)
