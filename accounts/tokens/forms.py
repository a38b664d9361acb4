"""The form of a new token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.tokens.scopes import Scope
from manager.kit.fields import refuse_control_characters

ALL = "all"
LIVES = [
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("180", _("180 days")),
    ("365", _("1 year")),
]


class TokenForm(forms.Form):
    """Name, scopes, organization and expiry of a token (ACC-16)."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        validators=[refuse_control_characters],
        help_text=_("Where you will use it, so that you know later which one it is."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    organization = forms.ChoiceField(label=_("Organization"))
    days = forms.ChoiceField(label=_("Expires after"), choices=LIVES, initial="90")
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, organizations: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(ALL, _("All my organizations")), *((str(pk), name) for pk, name in organizations.items())]
        self.fields["organization"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_organization(self) -> int | None:
        """Return the chosen organization's id, or None for all."""
        chosen = self.cleaned_data["organization"]
        return None if chosen == ALL else int(chosen)

    def clean_days(self) -> int:
        """Return the days until the token expires."""
        return int(self.cleaned_data["days"])
