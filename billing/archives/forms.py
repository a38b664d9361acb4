"""The period of which all documents are wanted."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

EARLIEST = date(2000, 1, 1)
LATEST = date(2999, 12, 31)
MOST_DAYS = 3 * 366


class PeriodForm(forms.Form):
    """The first and the last day, both included; at most three years."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is too long."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first is None or last is None:
            return data
        for name, day in (("first", first), ("last", last)):
            if not EARLIEST <= day <= LATEST:
                self.add_error(name, _("Please give a date between 2000 and 2999."))
        if last < first:
            self.add_error("last", _("This day lies before the first one."))
        elif (last - first).days > MOST_DAYS:
            self.add_error("last", _("Please choose at most three years at once."))
        return data
