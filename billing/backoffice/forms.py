"""The lines above the back office's lists; what they do not know they leave out."""

from django import forms
from django.utils.translation import pgettext_lazy

from billing.backoffice.selectors import Waiting
from billing.orders.status import OrderStatus
from manager.kit.fields import refuse_control_characters


class OrderFilter(forms.Form):
    """Search, and the state of an order."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(
        required=False, choices=[("", pgettext_lazy("orders", "All")), *OrderStatus.choices]
    )


class LineFilter(forms.Form):
    """Search, and why a line waits."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    why = forms.ChoiceField(required=False, choices=[("", pgettext_lazy("reasons", "All")), *Waiting.choices])
