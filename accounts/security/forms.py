"""Forms of a person's security."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.users.forms import EmailField, PasswordField, PhoneField, refuse_weak_password
from accounts.users.models import User


class PasswordChangeForm(forms.Form):
    """The current password and a new one (ACC-5)."""

    current = PasswordField(label=_("Current password"))
    password = PasswordField(label=_("New password"), new=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean(self) -> dict[str, Any]:
        """Check the new password against the rules (ACC-17)."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        refuse_weak_password(self, "password", self._user)
        return values


class LoginChangeForm(forms.Form):
    """The wanted login and the account's password (ACC-4)."""

    address = EmailField(label=_("New e-mail"), autocomplete="email")
    password = PasswordField()


class RecoveryEmailForm(forms.Form):
    """The wanted recovery address (ACC-6)."""

    address = EmailField(label=_("Recovery address"), autocomplete="email")


class PhoneForm(forms.Form):
    """The mobile number; empty removes it."""

    phone = PhoneField(required=False)
