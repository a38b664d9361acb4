"""A zone as a file, and its earlier versions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.downloads import give_file
from manager.kit.errors import DomainError
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.errors import ProductReadOnly
from products.modules.domain.forms import ImportForm, VersionForm
from products.modules.domain.selectors import get_domain, get_version, list_versions, zone_text
from products.modules.domain.services import import_zone, restore_version
from products.modules.domain.visits import DomainVisit, visit_domain
from products.modules.domain.zonefile import compare, read_zone


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def export(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Send the zone as a file."""
    domain = visit_domain(request, product_id).domain
    return give_file(zone_text(domain), name=f"{domain.name}.zone", kind="text/plain; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def import_(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Take a zone file, show what would change, then take it over."""
    visit = visit_domain(request, product_id)
    if not visit.may_manage:
        raise ProductReadOnly
    form = ImportForm(posted(request), request.FILES or None)
    context = visit.context(tab="dns", form=form, error="")
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "products/domain/import.html", context, status=status)
    text = form.cleaned_data["text"]
    reading = read_zone(text, origin=visit.domain.name)
    if form.cleaned_data["confirmed"] and not reading.problems:
        try:
            import_zone(
                domain=visit.domain,
                records=reading.records,
                version=form.cleaned_data["version"],
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            context["error"] = str(refused)
        else:
            messages.success(request, _("The zone file is taken over. Our name servers get it in a moment."))
            return _to(visit, "products:dns_zone")
    newest = get_domain(product=visit.product)
    context |= {
        "text": text,
        "reading": reading,
        "difference": compare(newest.zone(), reading.records),
        "zone_version": newest.version,
    }
    status = 422 if context["error"] or reading.problems else 200
    return render(request, "products/domain/preview.html", context, status=status)


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def history(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """List the versions of the zone, newest first."""
    visit = visit_domain(request, product_id)
    page = list_versions(
        domain=visit.domain, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    return render(request, "products/domain/history.html", visit.context(tab="dns", page=page))


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def version(request: OrganizationRequest, product_id: int, number: int) -> HttpResponse:
    """Show what bringing an earlier version back would change, then bring it back."""
    visit = visit_domain(request, product_id)
    earlier = get_version(domain=visit.domain, number=number)
    error = ""
    form = VersionForm(posted(request))
    if form.is_bound and not form.is_valid():
        error = _("Please open this page once more.")
    elif form.is_bound:
        try:
            restore_version(
                domain=visit.domain,
                number=earlier.number,
                version=form.cleaned_data["version"],
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, _("The zone is as it was in version %(number)d.") % {"number": number})
            return _to(visit, "products:dns_zone")
    newest = get_domain(product=visit.product)
    context = visit.context(
        tab="dns",
        version=earlier,
        difference=compare(newest.zone(), earlier.zone()),
        zone_version=newest.version,
        error=error,
    )
    return render(request, "products/domain/version.html", context, status=422 if error else 200)


def _to(visit: DomainVisit, page: str) -> HttpResponse:
    return redirect(page, organization_id=visit.domain.organization_id, product_id=visit.product.pk)
