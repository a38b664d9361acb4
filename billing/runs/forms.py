"""The filters above the lists of runs and of the quarantine."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.runs.models import QuarantineKind, RunKind
from billing.runs.selectors import BROKEN_OFF, ENDED, FAILED, RELEASED, RUNNING, WAITING
from manager.kit.fields import refuse_control_characters

STATES = [
    ("", _("All states")),
    (RUNNING, pgettext_lazy("a run", "Running")),
    (ENDED, _("Ended")),
    (FAILED, _("Failed")),
    (BROKEN_OFF, _("Broken off")),
]


class RunFilter(forms.Form):
    """What it does not know it leaves out."""

    kind = forms.ChoiceField(required=False, choices=[("", _("All kinds")), *RunKind.choices])
    state = forms.ChoiceField(required=False, choices=STATES)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)


class QuarantineFilter(forms.Form):
    """What it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=18, validators=[refuse_control_characters])
    kind = forms.ChoiceField(required=False, choices=[("", _("All kinds")), *QuarantineKind.choices])
    state = forms.ChoiceField(
        required=False,
        choices=[(WAITING, _("In quarantine")), (RELEASED, pgettext_lazy("a row", "Released"))],
    )
