"""Forms of applications: a new one, a change, and the answer to an application that asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.applications.addresses import LONGEST, MOST
from accounts.applications.models import ApplicationKind
from accounts.tokens.forms import name_field, organization_choices, read_organization, scopes_field

KIND_HINTS = {
    ApplicationKind.WEB: _(
        "Runs on your server and keeps a secret. People are asked before it acts for them."
    ),
    ApplicationKind.NATIVE: _("Cannot keep a secret. People are asked before it acts for them."),
    ApplicationKind.SERVICE: _("Acts for you in one of your organizations, without asking anybody."),
}


class ApplicationForm(forms.Form):
    """Name, redirect addresses and scopes of an application."""

    name = name_field(_("People see it when they are asked."))
    redirect_addresses = forms.CharField(
        label=_("Redirect addresses"),
        required=False,
        max_length=(LONGEST + 2) * MOST,
        help_text=_("One on each line, compared character by character. A service needs none."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
    )
    scopes = scopes_field(_("What it may ask for"))

    def clean_redirect_addresses(self) -> list[str]:
        """Return the addresses, one for each line."""
        return str(self.cleaned_data["redirect_addresses"]).split()


class NewApplicationForm(ApplicationForm):
    """The same with the kind, and the organization of a service."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=ApplicationKind.choices, widget=forms.RadioSelect, initial="web"
    )
    organization = forms.ChoiceField(
        label=_("Organization of a service"),
        required=False,
        help_text=_("Only a service needs one; the others learn it from each person."),
    )

    def __init__(self, *args: Any, organizations: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((str(pk), name) for pk, name in organizations.items())]
        self.fields["organization"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_organization(self) -> int | None:
        """Return the chosen organization's id, or None."""
        return int(self.cleaned_data["organization"] or 0) or None


class ConsentForm(forms.Form):
    """Where an application may act, and whether."""

    organization = forms.ChoiceField(label=_("Where may it act?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, organizations: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere, *each = organization_choices(organizations)
        # The narrow choices come first, and nothing is chosen beforehand where there are several.
        self.fields["organization"].choices = [*each, everywhere]  # type: ignore[attr-defined]  # a ChoiceField
        if len(each) == 1:
            self.fields["organization"].initial = each[0][0]

    def clean_organization(self) -> int | None:
        """Return the chosen organization's id, or None for all."""
        return read_organization(self.cleaned_data["organization"])
