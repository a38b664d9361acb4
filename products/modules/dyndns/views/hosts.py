"""Pages of DynDNS names: what there is, a name with its key shown once, another key, the end."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from manager.kit.errors import DomainError
from manager.kit.forms import refusals_beside_fields
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.errors import ProductReadOnly
from products.modules.domain.visits import DomainVisit, visit_domain
from products.modules.dyndns.forms import HostForm
from products.modules.dyndns.models import DynamicHost
from products.modules.dyndns.selectors import find_hosts, get_host, has_dyndns, show_host
from products.modules.dyndns.services import add_host, remove_host, renew_key


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def dyndns(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Show the names that devices keep up to date, add one; its key is shown in the answer alone."""
    visit = visit_domain(request, product_id)
    form = HostForm(posted(request))
    if form.is_valid():
        with refusals_beside_fields(form):
            name = form.cleaned_data["name"]
            host, key = add_host(domain=visit.domain, name=name, actor=request.actor, at=request.at)
            return _show_key(request, visit, host, key)
    rows = find_hosts(domain=visit.domain).order_by("name", "pk")
    context = visit.context(
        tab="dyndns",
        form=form,
        hosts=[show_host(row, visit.domain) for row in rows],
        is_bought=has_dyndns(visit.product),
        update_url=_update_url(),
    )
    status = 422 if form.is_bound else 200
    return render(request, "products/dyndns/hosts.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def dyndns_key(request: OrganizationRequest, product_id: int, host_id: int) -> HttpResponse:
    """Ask, then give the name another key."""
    visit, host = _to_change(request, product_id, host_id)
    if request.method == "POST":
        host, key = renew_key(domain=visit.domain, host_id=host_id, actor=request.actor, at=request.at)
        return _show_key(request, visit, host, key)
    return render(request, "products/dyndns/renew.html", _facts(visit, host))


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def dyndns_remove(request: OrganizationRequest, product_id: int, host_id: int) -> HttpResponse:
    """Ask, then take the name away from its devices."""
    visit, host = _to_change(request, product_id, host_id)
    if request.method == "POST":
        try:
            remove_host(domain=visit.domain, host_id=host_id, actor=request.actor, at=request.at)
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Devices cannot change this name any more."))
        return redirect("products:dyndns", visit.domain.organization_id, visit.product.pk)
    return render(request, "products/dyndns/remove.html", _facts(visit, host))


def _to_change(
    request: OrganizationRequest, product_id: int, host_id: int
) -> tuple[DomainVisit, DynamicHost]:
    visit = visit_domain(request, product_id)
    host = get_host(domain=visit.domain, host_id=host_id)
    if not visit.may_manage:
        raise ProductReadOnly
    return visit, host


def _facts(visit: DomainVisit, host: DynamicHost) -> dict[str, object]:
    return visit.context(tab="dyndns", host=show_host(host, visit.domain), update_url=_update_url())


@sensitive_variables("key")
def _show_key(request: OrganizationRequest, visit: DomainVisit, host: DynamicHost, key: str) -> HttpResponse:
    return render(request, "products/dyndns/key.html", {**_facts(visit, host), "key": key})


def _update_url() -> str:
    return f"{settings.PUBLIC_BASE_URL.rstrip('/')}{reverse('products:dyndns_update')}"
