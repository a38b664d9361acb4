"""What the back office's lists of services can be filtered by."""

from typing import Any

from django import forms

from manager.kit.fields import refuse_control_characters
from products.provisioning.registry import list_drivers
from products.provisioning.selectors import Trouble


class TroubledFilterForm(forms.Form):
    """What to show; a value that is not understood is left out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    trouble = forms.ChoiceField(required=False, choices=[("", ""), *Trouble.choices])
    driver = forms.ChoiceField(
        required=False, choices=lambda: [("", ""), *((name, name) for name in list_drivers())]
    )

    def wanted(self) -> dict[str, Any]:
        """Return the filter as the selector takes it."""
        self.is_valid()
        given = self.cleaned_data
        return {
            "search": given.get("q", ""),
            "trouble": given.get("trouble", ""),
            "driver": given.get("driver", ""),
        }
