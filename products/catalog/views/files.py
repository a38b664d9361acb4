"""The back office's import and export of the catalogue as one file (PRD-1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.downloads import give_file
from manager.kit.errors import DomainError
from products.catalog.catalog_text import write_catalog
from products.catalog.journal import Stamp, record_of
from products.catalog.labels import WHAT, describe_change
from products.catalog.models import CatalogUpload
from products.catalog.price_forms import ConfirmForm, UploadForm
from products.catalog.rights import EDIT_CATALOG
from products.catalog.services import MAX_BYTES, import_upload, preview_upload, upload_catalog
from products.catalog.snapshot import read_database
from products.catalog.staff_selectors import get_upload, list_uploads
from products.catalog.views.pages import accepts, status_of, today_of

SHOWN = 200


@require_safe
@staff_view(EDIT_CATALOG)
def export(request: StaffRequest) -> HttpResponse:
    """Give the whole catalogue as a file that the import reads back without a difference."""
    name = f"catalogue-{today_of(request).isoformat()}.yaml"
    return give_file(write_catalog(read_database()), name=name, kind="application/yaml; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def upload(request: StaffRequest) -> HttpResponse:
    """Take a file, and lead to what it would change."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    kept: list[CatalogUpload] = []

    def verb() -> None:
        file = form.cleaned_data["file"]
        data = file.read(MAX_BYTES + 1)
        name, on = file.name, today_of(request)
        kept.append(upload_catalog(name=name, data=data, on=on, actor=request.actor, at=request.at))

    if is_sent and accepts(form, verb):
        return redirect("products:staff_catalog_upload", upload_id=kept[0].pk)
    context = {"form": form, "uploads": list_uploads()}
    return render(request, "products/catalog/upload.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def confirm(request: StaffRequest, upload_id: int) -> HttpResponse:
    """Show what a file would change today, and make it true when it is confirmed."""
    found = get_upload(upload_id=upload_id)
    if request.method != "POST":
        return _differences(request, found)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _differences(request, found, status=422)
    base, on = form.cleaned_data["base"], today_of(request)
    try:
        done = import_upload(upload=found, base=base, on=on, actor=request.actor, at=request.at)
    except DomainError as refused:
        return _differences(request, found, refused=str(refused), status=refused.status)
    text = ngettext("%(count)d change is made.", "%(count)d changes are made.", len(done))
    messages.success(request, text % {"count": len(done)})
    return redirect("products:staff_catalog")


def _differences(
    request: StaffRequest, found: CatalogUpload, *, refused: str = "", status: int = 200
) -> HttpResponse:
    try:
        differences, base = preview_upload(upload=found, on=today_of(request))
    except DomainError as error:
        differences, base, refused, status = [], "", str(error), error.status
    stamp = Stamp(request.actor, request.at, found.name)
    records = [record_of(one, stamp) for one in differences[:SHOWN]]
    context = {
        "upload": found,
        "base": base,
        "refused": refused,
        "count": len(differences),
        "more": max(0, len(differences) - SHOWN),
        "changes": [(one, WHAT.get(one.what, one.what), describe_change(one)) for one in records],
    }
    return render(request, "products/catalog/differences.html", context, status=status)
