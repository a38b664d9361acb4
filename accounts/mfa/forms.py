"""Forms of the second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.users.forms import PasswordField


class CodeForm(forms.Form):
    """A code of the authenticator, or a backup code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """Return the code without spaces, as apps show it in two groups."""
        return str(self.cleaned_data["code"]).replace(" ", "")


class PasswordForm(forms.Form):
    """The present password."""

    password = PasswordField()
