"""The filter above the list of disputes."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.disputes.status import DisputeStatus
from manager.kit.fields import refuse_control_characters


class DisputeFilter(forms.Form):
    """What it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", pgettext_lazy("disputes", "All")),
            ("undecided", _("Not decided")),
            *DisputeStatus.choices,
        ],
    )
