"""The lines above the back office's lists; what they do not know they leave out."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from billing.backoffice.selectors import Doubt, Waiting
from billing.orders.status import OrderStatus
from billing.profiles.models import LegalEntity
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


class CountriesFilter(forms.Form):
    """The days of issue, who sold, and what is doubted."""

    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    entity = forms.ChoiceField(required=False)
    doubt = forms.ChoiceField(
        required=False,
        choices=[("", pgettext_lazy("countries of a customer", "They differ")), *Doubt.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = LegalEntity.objects.order_by("name", "pk").values_list("pk", "name")
        choices = [(str(pk), name) for pk, name in sellers]
        self.fields["entity"].choices = [("", _("All companies")), *choices]  # type: ignore[attr-defined]  # a choice field
