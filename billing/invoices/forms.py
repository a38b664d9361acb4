"""Forms about invoices."""

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters


class VoidForm(forms.Form):
    """Why an invoice is voided; the credit note says so."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=250,
        validators=[refuse_control_characters],
        help_text=_("Printed on the credit note."),
    )


class OrderNumberForm(forms.Form):
    """The organization's own number of the order, on one draft."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=40,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("Your own number, printed on the invoice. Empty for none."),
    )
