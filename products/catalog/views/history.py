"""The back office's history of the catalogue: each change with who, when, before and after."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.keyset import NEWEST, paginate
from products.catalog.labels import WHAT, describe_change
from products.catalog.price_forms import HistoryFilterForm
from products.catalog.rights import EDIT_CATALOG
from products.catalog.staff_selectors import list_changes


@require_safe
@staff_view(EDIT_CATALOG)
def history(request: StaffRequest) -> HttpResponse:
    """List the changes, newest first."""
    wanted = HistoryFilterForm(request.GET).wanted()
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(list_changes(**wanted), key=NEWEST, descending=True, after=after, before=before)
    context = {
        "page": page,
        "changes": [(one, WHAT.get(one.what, one.what), describe_change(one)) for one in page.rows],
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "kinds": [("", _("All changes")), *WHAT.items()],
    }
    return render(request, "products/catalog/history.html", context)
