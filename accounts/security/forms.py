"""Forms of a person's security."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.recovery.forms import NewPasswordForm, ProgramsField
from accounts.users.forms import EmailField, PasswordField, PhoneField


class PasswordChangeForm(NewPasswordForm):
    """The current password and a new one (ACC-5); programs go on unless the person wishes otherwise."""

    field_order = ("current", "password", "with_programs")

    current = PasswordField(label=_("Current password"))
    with_programs = ProgramsField()


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
