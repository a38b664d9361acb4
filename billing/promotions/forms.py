"""The form of the checkout's codes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters

MAX_CODE = 32


class EnterCodeForm(forms.Form):
    """A promotional code, as people type it."""

    code = forms.CharField(
        label=_("Promotional code"),
        max_length=MAX_CODE,
        validators=[refuse_control_characters],
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
