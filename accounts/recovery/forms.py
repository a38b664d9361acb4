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


class ProgramsField(forms.BooleanField):
    """Whether API tokens and allowed applications end with the old password."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            label=_("Also end API tokens and connected applications"),
            help_text=_(
                "Programs need new access then. Choose it where somebody else may know the password."
            ),
            **options,
        )


class NewPasswordForm(forms.Form):
    """A new password for a known person; `has_programs` tells whether there is anything else to end."""

    password = PasswordField(label=_("New password"), new=True)

    with_programs = ProgramsField(initial=True)

    def __init__(self, *args: Any, user: User, has_programs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        if not has_programs:
            del self.fields["with_programs"]

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules (ACC-17)."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        refuse_weak_password(self, "password", self._user)
        return values
