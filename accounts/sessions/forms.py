"""Forms of signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.users.forms import LoginField, PasswordField


class SignInForm(forms.Form):
    """E-mail and password. Whatever is wrong with them, the answer is the same (INC-8)."""

    email = LoginField()
    password = PasswordField()

    refused = _(
        "E-mail or password is wrong, or the address has not been confirmed yet. If you are new here, "
        "open the link in our mail first."
    )
