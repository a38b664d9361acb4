"""The editor of a zone: its records, one record, deleting."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.errors import DomainError
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.errors import ProductReadOnly
from products.modules.domain.errors import RecordNotFound, ZoneChanged
from products.modules.domain.forms import RecordForm, SelectionForm, ZoneFilter, initial_of
from products.modules.domain.records import TYPES
from products.modules.domain.rules import MOST_RECORDS
from products.modules.domain.selectors import SET_ZONE, find_records, get_domain, get_record
from products.modules.domain.services import add_record, delete_records, edit_record
from products.modules.domain.visits import DomainVisit, visit_domain


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def zone(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """List the records of the zone, with search and a filter by type."""
    visit = visit_domain(request, product_id)
    values = ZoneFilter(request.GET)
    given = values.checked()
    everything = visit.domain.zone()
    counts = Counter(record.type for record in everything)
    context = visit.context(
        tab="dns",
        records=find_records(domain=visit.domain, search=given["q"], kind=given["type"]),
        count=len(everything),
        most=MOST_RECORDS,
        types=[(name, counts[name]) for name in TYPES if counts[name] or name == given["type"]],
        q=given["q"],
        kind=given["type"],
        wish=visit.wish(SET_ZONE),
    )
    return render(request, "products/domain/zone.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def add(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Add a record."""
    visit = _to_change(request, product_id)
    form = RecordForm(posted(request), initial={"type": request.GET.get("type", "A")})
    if form.is_valid():
        try:
            record = form.record(origin=visit.domain.name)
            add_record(
                domain=visit.domain,
                record=record,
                version=form.cleaned_data["version"],
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            _tell(form, refused, visit)
        else:
            messages.success(request, _("The record is added. Our name servers get it in a moment."))
            return _to_zone(visit)
    return _page(request, visit, form, record=None)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def edit(request: OrganizationRequest, product_id: int, record_id: int) -> HttpResponse:
    """Change a record; one that somebody else has deleted meanwhile can be added again as it was typed."""
    visit = _to_change(request, product_id)
    try:
        record = get_record(domain=visit.domain, record_id=record_id)
    except RecordNotFound:
        if request.method != "POST" or record_id > visit.domain.last_record_id:
            raise
        record = None
    form = RecordForm(posted(request), initial=initial_of(record) if record else None)
    if form.is_valid():
        version = form.cleaned_data["version"]
        given: dict[str, Any] = {"version": version, "actor": request.actor, "at": request.at}
        try:
            if record is None and version != visit.domain.version:
                raise ZoneChanged(_("Somebody else has deleted this record. Save it again to add it anew."))
            changed = form.record(origin=visit.domain.name, number=record.id if record else 0)
            if record is None:
                add_record(domain=visit.domain, record=changed, **given)
            else:
                edit_record(domain=visit.domain, record=changed, **given)
        except DomainError as refused:
            _tell(form, refused, visit)
        else:
            messages.success(request, _("The record is saved. Our name servers get it in a moment."))
            return _to_zone(visit)
    return _page(request, visit, form, record=record)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def delete(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Show which records are to be deleted, then delete them at once."""
    visit = _to_change(request, product_id)
    records = visit.domain.zone()
    given = request.POST if request.method == "POST" else request.GET
    form = SelectionForm(given, ids=[record.id for record in records])
    if not form.is_valid():
        messages.error(request, _("Please select the records once more: the zone was changed meanwhile."))
        return _to_zone(visit)
    chosen = set(form.cleaned_data["selected"])
    error = ""
    if request.method == "POST" and form.cleaned_data["confirmed"]:
        try:
            delete_records(
                domain=visit.domain,
                record_ids=chosen,
                version=form.cleaned_data["version"],
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, _("Deleted: %(count)d.") % {"count": len(chosen)})
            return _to_zone(visit)
    context = visit.context(
        tab="dns", records=[record for record in records if record.id in chosen], error=error
    )
    status = 422 if error else 200
    return render(request, "products/domain/delete.html", context, status=status)


def _to_change(request: OrganizationRequest, product_id: int) -> DomainVisit:
    visit = visit_domain(request, product_id)
    if not visit.may_manage:
        raise ProductReadOnly
    return visit


def _tell(form: RecordForm, refused: DomainError, visit: DomainVisit) -> None:
    """Say it beside its field; who comes second is told by whom and may send it again as it stands."""
    message = str(refused)
    if isinstance(refused, ZoneChanged):
        newest = get_domain(product=visit.product)
        by = _("Last change by %(name)s.") % {"name": newest.changed_by}
        message = f"{message} {by}"
    form.add_error(refused.field if refused.field in form.fields else None, message)


def _page(request: OrganizationRequest, visit: DomainVisit, form: RecordForm, **context: Any) -> HttpResponse:
    newest = get_domain(product=visit.product)
    content = visit.context(tab="dns", form=form, zone_version=newest.version, **context)
    status = 422 if form.is_bound else 200
    return render(request, "products/domain/record.html", content, status=status)


def _to_zone(visit: DomainVisit) -> HttpResponse:
    return redirect(
        "products:dns_zone", organization_id=visit.domain.organization_id, product_id=visit.product.pk
    )
