"""The filter of the audit log."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID

FIRST_YEAR, LAST_YEAR = 1990, 2200


def _plausible(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("Please choose another date."))


class AuditFilterForm(forms.Form):
    """What to show; a value that is not understood is told and left out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    name = forms.CharField(required=False, max_length=60, validators=[refuse_control_characters])
    actor = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    since = forms.DateField(
        label=_("From"),
        required=False,
        validators=[_plausible],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("To"),
        required=False,
        validators=[_plausible],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def wanted(self) -> dict[str, Any]:
        """Return the filter as the selector takes it."""
        data = self.cleaned_data
        return {
            "search": data.get("q", ""),
            "name": data.get("name", ""),
            "actor_id": data.get("actor"),
            "since": data.get("since"),
            "until": data.get("until"),
        }
