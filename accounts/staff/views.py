"""The page of the staff: who may do what in the back office."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.sessions.staff import StaffRequest, list_rights, staff_view
from accounts.staff.rights import SEE_STAFF
from accounts.staff.selectors import BY_EMAIL, list_right_changes, list_staff
from accounts.users.models import User
from manager.kit.fields import refuse_control_characters
from manager.kit.keyset import paginate


class StaffFilterForm(forms.Form):
    """What to show; a value that is not understood is left out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    right = forms.ChoiceField(required=False, choices=lambda: [("", ""), *list_rights().items()])


@require_safe
@staff_view(SEE_STAFF)
def staff(request: StaffRequest) -> HttpResponse:
    """List the staff with their rights, and what of it changed lately."""
    form = StaffFilterForm(request.GET)
    form.is_valid()
    wanted = {"search": form.cleaned_data.get("q", ""), "right": form.cleaned_data.get("right", "")}
    page = paginate(
        list_staff(**wanted),
        key=BY_EMAIL,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    labels = list_rights()
    context = {
        "page": page,
        "people": [(person, _labels_of(person, labels)) for person in page.rows],
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "rights": [("", _("All rights")), *labels.items()],
        "changes": [(change, labels.get(change.right, change.right)) for change in list_right_changes()],
    }
    return render(request, "accounts/staff/staff.html", context)


def _labels_of(person: User, labels: dict[str, Any]) -> list[Any]:
    names = {f"{one.content_type.app_label}.{one.codename}" for one in person.user_permissions.all()}
    return [label for right, label in labels.items() if right in names]
