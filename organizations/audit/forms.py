"""The filter of the audit log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters, refuse_implausible_day
from manager.kit.ids import MAX_ID


class AuditFilterForm(forms.Form):
    """What to show; a value that is not understood is told and left out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    name = forms.CharField(required=False, max_length=60, validators=[refuse_control_characters])
    actor = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    since = forms.DateField(
        label=_("From"),
        required=False,
        validators=[refuse_implausible_day],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("To"),
        required=False,
        validators=[refuse_implausible_day],
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
