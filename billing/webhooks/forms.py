"""The filter above the list of messages."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from manager.kit.fields import refuse_control_characters


class EventFilter(forms.Form):
    """What it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=120, validators=[refuse_control_characters])
    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", pgettext_lazy("messages", "All")),
            ("quarantined", _("In quarantine")),
            ("waiting", _("Waiting")),
            ("handled", _("Handled")),
            ("swept", _("Found in the provider's list")),
        ],
    )
