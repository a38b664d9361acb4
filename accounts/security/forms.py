"""Forms of a person's security."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.recovery.forms import NewPasswordForm, ProgramsField
from accounts.users.forms import EmailField, PasswordField, PhoneField


class PasswordChangeForm(NewPasswordForm):
    """The current password and a new one (ACC-5); programs go on unless the person wishes otherwise.

    `mailbox` is the hosted mailbox that may get the same password, "" where there is none (MAIL-2).
    """

    field_order = ("current", "password", "with_mailbox", "with_programs")

    current = PasswordField(label=_("Current password"))
    with_mailbox = forms.BooleanField(required=False)
    with_programs = ProgramsField()

    def __init__(self, *args: Any, mailbox: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mailbox:
            del self.fields["with_mailbox"]
            return
        label = _("Use it for my mailbox %(address)s, too")
        self.fields["with_mailbox"].label = label % {"address": mailbox}
        self.fields["with_mailbox"].help_text = _(
            "One password for both. Mail programs and phones ask for the new one afterwards."
        )


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
