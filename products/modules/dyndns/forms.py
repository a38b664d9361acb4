"""The form of DynDNS names."""

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters

LONGEST_NAME = 300


class HostForm(forms.Form):
    """A name whose address a device is to tell."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("Such as home; empty or @ for the domain itself."),
    )
