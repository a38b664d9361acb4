"""The confirmation of an action."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmForm(forms.Form):
    """The box under what loses something."""

    understood = forms.BooleanField(
        label=_("I have read this and want it."),
        error_messages={"required": _("Please confirm that you want this.")},
    )
