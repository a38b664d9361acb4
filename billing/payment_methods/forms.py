"""Forms about saved means."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.payment_methods.services import NAME_LENGTH
from manager.kit.fields import refuse_control_characters


class RenameForm(forms.Form):
    """A name of one's own for a means; empty brings back what it is."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("For example: card of the accounts department."),
    )
