"""The filter above the staff's list of findings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rehearsal.reasons import Reason
from manager.kit.fields import refuse_control_characters


class FindingFilter(forms.Form):
    """What it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    reason = forms.ChoiceField(required=False, choices=[("", _("All reasons")), *Reason.choices])
