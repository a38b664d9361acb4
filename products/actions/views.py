"""Pages by which a member asks the service of a product for something, and takes it back (PRD-13)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.actions.forms import ConfirmForm
from products.inventory.errors import ProductReadOnly
from products.inventory.models import Product
from products.inventory.selectors import get_product
from products.provisioning.actions import Action, describe_action, list_offered
from products.provisioning.selectors import find_service, get_action
from products.provisioning.services import ActionNotOffered, ask_action, cancel_action


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def ask(request: OrganizationRequest, product_id: int, action: str) -> HttpResponse:
    """Say what an action does, then ask for it."""
    product = _own_product(request, product_id)
    wanted = _offered(product, action)
    given = request.POST if request.method == "POST" else None
    confirm = ConfirmForm(given) if wanted.is_dangerous else None
    form = wanted.form(given) if wanted.form else None
    error = ""
    if request.method == "POST" and all(one.is_valid() for one in (confirm, form) if one is not None):
        try:
            ask_action(
                organization_id=product.organization_id,
                product_id=product.pk,
                slug=wanted.slug,
                parameters=_raw(form),
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            error = str(refused)
        else:
            text = _("%(action)s: it is pending.") if wanted.delay else _("%(action)s: it begins now.")
            messages.success(request, text % {"action": wanted.label})
            return _back(product)
    context = {"product": product, "action": wanted, "confirm": confirm, "form": form, "error": error}
    status = 422 if request.method == "POST" else 200
    return render(request, "products/actions/ask.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def cancel(request: OrganizationRequest, product_id: int, action_id: int) -> HttpResponse:
    """Ask, then take back what is pending."""
    product = _own_product(request, product_id)
    asked = get_action(organization_id=product.organization_id, product_id=product.pk, action_id=action_id)
    label = describe_action(kind=product.plan.kind, slug=asked.slug)
    if request.method == "POST":
        try:
            cancel_action(action=asked, actor=request.actor, at=request.at)
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("%(action)s: it is cancelled.") % {"action": label})
        return _back(product)
    context = {"product": product, "asked": asked, "label": label}
    return render(request, "products/actions/cancel.html", context)


def _own_product(request: OrganizationRequest, product_id: int) -> Product:
    product = get_product(
        organization=request.organization, scope=request.product_scope, product_id=product_id
    )
    if not request.product_scope.may_manage(product.pk, product.family):
        raise ProductReadOnly
    return product


def _offered(product: Product, slug: str) -> Action:
    service = find_service(organization_id=product.organization_id, product_id=product.pk)
    if service is not None:
        for action in list_offered(kind=product.plan.kind, service=service):
            if action.slug == slug:
                return action
    raise ActionNotOffered


def _raw(form: forms.Form | None) -> dict[str, Any]:
    """Return the fields of the action's form as they were sent: the verb checks them once more."""
    return {} if form is None else {name: form.data.get(form.add_prefix(name), "") for name in form.fields}


def _back(product: Product) -> HttpResponse:
    return redirect("products:product", organization_id=product.organization_id, product_id=product.pk)
