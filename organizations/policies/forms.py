"""The form of a required second factor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.access.roles import Role


class SecondFactorForm(forms.Form):
    """Of which roles, and from which day."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one role.")},
    )
    required_on = forms.DateField(
        label=_("Required from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=_("Until then members without one are reminded by mail and by a banner."),
    )

    def as_demand(self) -> dict[str, Any]:
        """Return the demand as the verb takes it."""
        return {"roles": self.cleaned_data["roles"], "required_on": self.cleaned_data["required_on"]}
