"""Forms of tokens: a new one, a change, a new secret, and the line above the list."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.tokens.scopes import Scope
from accounts.tokens.status import TokenState
from manager.kit.fields import refuse_control_characters
from manager.kit.forms import ListFilter

ALL = "all"
LIVES = [
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("180", _("180 days")),
    ("365", _("1 year")),
    ("730", _("2 years")),
]
GRACES = [
    ("0", _("At once")),
    ("1", _("In an hour")),
    ("24", _("Tomorrow")),
    ("168", _("In a week")),
]


class TokenFilter(ListFilter):
    """The line above the list of tokens."""

    q = forms.CharField(required=False, max_length=80, validators=[refuse_control_characters])
    state = forms.ChoiceField(required=False, choices=[*TokenState.choices, ("all", "")])


def name_field(help_text: Any) -> forms.CharField:
    """Return the field for what a program's way in is called; `help_text` is translated later."""
    return forms.CharField(
        label=_("Name"),
        max_length=80,
        validators=[refuse_control_characters],
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def scopes_field(label: Any) -> forms.MultipleChoiceField:
    """Return the boxes of all scopes under `label`, which is translated later."""
    return forms.MultipleChoiceField(label=label, choices=Scope.choices, widget=forms.CheckboxSelectMultiple)


class ChangeTokenForm(forms.Form):
    """Name and scopes of a token."""

    name = name_field(_("Where you will use it, so that you know later which one it is."))
    scopes = scopes_field(_("What it may do"))


class TokenForm(ChangeTokenForm):
    """Name, scopes, organization and expiry of a new token (ACC-16)."""

    organization = forms.ChoiceField(label=_("Organization"))
    days = forms.ChoiceField(label=_("Expires after"), choices=LIVES, initial="90")

    def __init__(self, *args: Any, organizations: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = organization_choices(organizations)  # type: ignore[attr-defined]  # a ChoiceField

    def clean_organization(self) -> int | None:
        """Return the chosen organization's id, or None for all."""
        return read_organization(self.cleaned_data["organization"])

    def clean_days(self) -> int:
        """Return the days until the token expires."""
        return int(self.cleaned_data["days"])


class RotateTokenForm(forms.Form):
    """When the old secret ends, and how long the new one lasts."""

    grace = forms.ChoiceField(
        label=_("The old secret ends"),
        choices=GRACES,
        initial="24",
        help_text=_("Until then both work, so that you can change your programs one by one."),
    )
    days = forms.ChoiceField(label=_("The new one expires after"), choices=LIVES, initial="90")

    def clean_grace(self) -> timedelta:
        """Return how long the old secret goes on."""
        return timedelta(hours=int(self.cleaned_data["grace"]))

    def clean_days(self) -> int:
        """Return the days until the token expires."""
        return int(self.cleaned_data["days"])


def organization_choices(organizations: dict[int, str]) -> list[tuple[str, Any]]:
    """Return all organizations as one choice, then each by its name."""
    return [(ALL, _("All my organizations")), *((str(pk), name) for pk, name in organizations.items())]


def read_organization(chosen: str) -> int | None:
    """Return the id behind a choice, None for all."""
    return None if chosen == ALL else int(chosen)
