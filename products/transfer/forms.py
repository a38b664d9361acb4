"""Forms of a transfer: to whom it is offered, and who takes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.profile.models import Organization

BY_LINK = "link"


class OfferForm(forms.Form):
    """By a link for whoever has it, or to one of one's own organizations."""

    recipient = forms.ChoiceField(label=_("To whom?"), widget=forms.RadioSelect, initial=BY_LINK)

    def __init__(self, *args: Any, organizations: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organizations = {str(row.pk): row for row in organizations}
        field: Any = self.fields["recipient"]
        field.choices = [
            (BY_LINK, _("By a link, which I pass on")),
            *((pk, row.name) for pk, row in self.organizations.items()),
        ]

    def chosen(self) -> Organization | None:
        """Return the chosen organization, or None for a link."""
        return self.organizations.get(self.cleaned_data["recipient"])


class AcceptForm(forms.Form):
    """Which of one's own organizations takes the product."""

    organization = forms.ChoiceField(label=_("Organization"))

    def __init__(self, *args: Any, organizations: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organization"]
        field.choices = [(str(row.pk), row.name) for row in organizations]
