"""What the pages of terminations are sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from products.termination.status import Reason

MAX_COMMENT = 500


class TerminationForm(forms.Form):
    """Why the selected products are terminated."""

    reason = forms.ChoiceField(label=_("Why?"), choices=[("", _("Please choose")), *Reason.choices])
    comment = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_control_characters],
        help_text=_("It helps us to become better."),
    )
