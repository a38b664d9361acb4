"""Forms of the shop."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.orders.services.cart import MOST_UNITS
from manager.kit.fields import refuse_control_characters
from products.catalog.chosen_options import OptionsForm
from products.catalog.labels import describe_period
from products.catalog.models import Plan
from products.catalog.pricing import PriceBook


class PlanForm(OptionsForm):
    """How a plan is bought: its period, how many, its name and its options."""

    months = forms.TypedChoiceField(label=_("Period"), coerce=int, widget=forms.RadioSelect)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST_UNITS, initial=1)
    name = forms.CharField(max_length=190, required=False, validators=[refuse_control_characters])

    def __init__(
        self, *args: Any, plan: Plan, book: PriceBook, periods: Sequence[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, options=book.sold_options(plan), **kwargs)
        months: Any = self.fields["months"]
        months.choices = [(count, describe_period(count)) for count in periods]
        months.initial = 12 if 12 in periods else next(iter(periods), None)
        name: Any = self.fields["name"]
        if plan.needs_domain_name:
            name.label, name.required = _("Domain name"), True
            name.help_text = _("For example example.ch")
            del self.fields["quantity"]
        else:
            name.label = _("Name")
            name.help_text = _("How you want to call it in your lists. You can change it at any time.")


class CartLineForm(forms.Form):
    """Another period or quantity of a line in the cart."""

    months = forms.IntegerField(min_value=1, max_value=120)
    quantity = forms.IntegerField(min_value=1, max_value=MOST_UNITS, required=False)


class CheckoutForm(forms.Form):
    """What is confirmed: the address, the total that was seen, and this one confirmation."""

    address = forms.CharField(max_length=20, required=False)
    confirmation_key = forms.RegexField(r"\A[0-9a-f]{32}\Z")
    confirmed_total = forms.IntegerField(min_value=0, max_value=10**12)
