"""Forms of recovery."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.recovery.services.forgotten_login import BY_EMAIL, BY_SMS
from accounts.users.forms import EmailField, LoginField, PasswordField, PhoneField, refuse_weak_password
from accounts.users.models import User


class ForgottenPasswordForm(forms.Form):
    """The login of who forgot the password."""

    email = LoginField()


class ForgottenLoginForm(forms.Form):
    """Who forgot the login, and how to tell it (ACC-7)."""

    phone = PhoneField()
    recovery_email = EmailField(label=_("Recovery address"), required=False, autocomplete="email")
    channel = forms.ChoiceField(
        label=_("How shall we tell you your login?"),
        choices=[(BY_SMS, _("By SMS to this number")), (BY_EMAIL, _("By e-mail to my recovery address"))],
        initial=BY_SMS,
        widget=forms.RadioSelect,
    )


class NewPasswordForm(forms.Form):
    """A new password for a known person."""

    password = PasswordField(label=_("New password"), new=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules (ACC-17)."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        refuse_weak_password(self, "password", self._user)
        return values
