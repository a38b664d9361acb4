"""Forms of the back office's pages of Renewal Warranty."""

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from products.warranty.status import Outcome


class ContactForm(forms.Form):
    """What came of a contact."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"), choices=[("", _("Please choose")), *Outcome.choices]
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, validators=[refuse_control_characters]
    )
