"""The forms of support access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from organizations.support.models import SupportKind


class GiveForm(forms.Form):
    """Why support is asked in."""

    reason = forms.CharField(
        label=_("What is it about?"), required=False, max_length=300, validators=[refuse_control_characters]
    )


class EnterForm(forms.Form):
    """Why a member of the staff enters; the customer reads it."""

    reason = forms.CharField(
        label=_("Why do you enter?"), max_length=300, validators=[refuse_control_characters]
    )


class SupportedFilterForm(forms.Form):
    """What to show; a value that is not understood is left out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    kind = forms.ChoiceField(required=False, choices=[("", ""), *SupportKind.choices])

    def wanted(self) -> dict[str, Any]:
        """Return the filter as the selector takes it."""
        self.is_valid()
        return {"search": self.cleaned_data.get("q", ""), "kind": self.cleaned_data.get("kind", "")}
