"""Forms of the second factor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.users.forms import PasswordField
from manager.kit.fields import refuse_control_characters


class CodeForm(forms.Form):
    """A code of the authenticator or of an SMS, or a backup code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """Return the code without spaces, as apps show it in two groups."""
        return str(self.cleaned_data["code"]).replace(" ", "")


class FactorNameField(forms.CharField):
    """The name by which a person knows a factor."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Name"))
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=60, validators=[refuse_control_characters], widget=widget, **options)


class FactorNameForm(forms.Form):
    """Another name for a factor."""

    name = FactorNameField()


class TotpForm(CodeForm):
    """The first code of an authenticator app, and how the person calls it."""

    name = FactorNameField(required=False)


class PasswordForm(forms.Form):
    """The present password."""

    password = PasswordField()


class NothingForm(forms.Form):
    """A question that is answered by sending it."""
