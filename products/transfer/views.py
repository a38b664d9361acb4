"""Pages of a transfer: offer, list, withdraw; and the page behind the link."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.guards import PersonRequest, person_view
from manager.kit.errors import DomainError, NotFound
from manager.kit.forms import StateFilter
from organizations.access.decisions import find_access, require_permission
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import UNRESTRICTED, Permission
from organizations.members.selectors import list_memberships_of
from organizations.profile.models import Organization
from products.inventory.selectors import get_product
from products.transfer.blockers import why_not_transferable
from products.transfer.forms import AcceptForm, OfferForm
from products.transfer.links import transfer_url
from products.transfer.models import Transfer
from products.transfer.selectors import (
    find_open_transfer,
    get_transfer,
    get_transfer_by_key,
    list_transfers,
)
from products.transfer.services import (
    accept_transfer,
    offer_transfer,
    refuse_transfer,
    withdraw_transfer,
)
from products.transfer.status import TransferStatus

KEY_LENGTH = 200
MOST_CHOICES = 300


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
def offer(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Offer a product to another organization; show the link of the offer that is open."""
    organization = request.organization
    product = get_product(organization=organization, scope=request.product_scope, product_id=product_id)
    others = _own_organizations(request, without=organization.pk)
    form = OfferForm(request.POST if request.method == "POST" else None, organizations=others)
    if form.is_valid():
        try:
            offer_transfer(
                product=product,
                recipient=form.chosen(),
                user_id=request.user.pk,
                actor=request.actor,
                at=request.at,
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The offer is made. It is open for seven days."))
            return redirect(
                "products:transfer_product", organization_id=organization.pk, product_id=product.pk
            )
    opened = find_open_transfer(organization=organization, product_id=product.pk)
    context = {
        "product": product,
        "form": form,
        "transfer": opened,
        "link": transfer_url(opened) if opened else "",
        "reason": why_not_transferable(product, at=request.at, now=False),
    }
    return render(request, "products/transfer/offer.html", context, status=422 if form.is_bound else 200)


@require_safe
@organization_view(Permission.ORGANIZATION_MANAGE)
def transfers(request: OrganizationRequest) -> HttpResponse:
    """List the offers that the organization made, newest first."""
    filters = StateFilter(request.GET, states=TransferStatus.choices, every=_("All offers"))
    page = list_transfers(
        organization=request.organization,
        **filters.wanted,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "products/transfer/transfers.html", {"page": page, **filters.shown})


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
def withdraw(request: OrganizationRequest, transfer_id: int) -> HttpResponse:
    """Ask, then take an offer back."""
    transfer = get_transfer(organization=request.organization, transfer_id=transfer_id)
    if request.method != "POST":
        return render(request, "products/transfer/withdraw.html", {"transfer": transfer})
    withdraw_transfer(transfer=transfer, actor=request.actor, at=request.at)
    messages.success(request, _("The offer is withdrawn."))
    return redirect("products:transfers", organization_id=request.organization.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
def transfer_offer(request: PersonRequest, key: str) -> HttpResponse:
    """Show an offer to who has its link; take it into one of one's own organizations, or refuse it."""
    transfer = get_transfer_by_key(key=key[:KEY_LENGTH].replace("\x00", ""))
    choices = _own_organizations(request, without=transfer.organization_id)
    if transfer.recipient_id:
        choices = [row for row in choices if row.pk == transfer.recipient_id]
        if not choices:
            raise NotFound
    is_open = transfer.status == TransferStatus.OFFERED and request.at < transfer.expires_at
    if request.method == "POST" and request.POST.get("answer") == "refuse":
        refuse_transfer(transfer=transfer, actor=request.actor, at=request.at)
        messages.success(request, _("The offer is refused."))
        return redirect("organizations:mine")
    form = AcceptForm(request.POST if request.method == "POST" else None, organizations=choices)
    if form.is_valid():
        try:
            return _accept(request, transfer, key, int(form.cleaned_data["organization"]))
        except DomainError as error:
            field = error.field if error.field in form.fields else None
            form.add_error(field, str(error.message))
    context = {"transfer": transfer, "form": form, "is_open": is_open, "choices": choices}
    status = 422 if form.is_bound else 200 if is_open else 410
    return render(request, "products/transfer/answer.html", context, status=status)


def _accept(request: PersonRequest, transfer: Transfer, key: str, organization_id: int) -> HttpResponse:
    access = find_access(organization_id=organization_id, user_id=request.user.pk, at=request.at)
    if access is None:
        raise NotFound
    require_permission(access, Permission.ORGANIZATION_MANAGE)
    product = accept_transfer(key=key, recipient=access.organization, actor=request.actor, at=request.at)
    messages.success(
        request,
        _("%(product)s belongs to %(organization)s now.")
        % {"product": transfer.product_name, "organization": access.organization.name},
    )
    return redirect("products:product", organization_id=organization_id, product_id=product.pk)


def _own_organizations(request: PersonRequest, *, without: int) -> list[Organization]:
    """Return those of the person's organizations that he or she leads, last used first."""
    leading = list_memberships_of(user=request.user).filter(role__in=UNRESTRICTED)
    return [membership.organization for membership in leading.exclude(organization_id=without)[:MOST_CHOICES]]
