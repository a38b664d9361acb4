"""The form of closing an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.security.services import prove_password
from accounts.users.models import User
from manager.kit.errors import DomainError


class CloseAccountForm(forms.Form):
    """The password, and a yes."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    understood = forms.BooleanField(
        label=_("I understand that my account cannot be brought back"),
        error_messages={"required": _("Please tick this box to go on.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Compare with the account's password."""
        password: str = self.cleaned_data["password"]
        try:
            prove_password(user=self.user, password=password)
        except DomainError as refused:
            raise forms.ValidationError(str(refused)) from refused
        return password
