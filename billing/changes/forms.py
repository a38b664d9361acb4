"""The form of another offer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.changes.page import PeriodChoice
from billing.orders.services.cart import MOST_UNITS
from products.catalog.chosen_options import OptionsForm
from products.catalog.models import Plan
from products.catalog.pricing import BookedOption
from products.inventory.models import Product


class OfferForm(OptionsForm):
    """Another period, quantity and other options of one plan."""

    months = forms.TypedChoiceField(label=_("Period"), coerce=int, widget=forms.RadioSelect)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1)

    def __init__(
        self,
        *args: Any,
        product: Product,
        plan: Plan,
        periods: Sequence[PeriodChoice],
        options: Sequence[BookedOption],
        had: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, options=options, had=had, **kwargs)
        months: Any = self.fields["months"]
        months.choices = [(row.months, row.label) for row in periods]
        lengths = [row.months for row in periods]
        months.initial = product.months if product.months in lengths else next(iter(lengths), None)
        quantity: Any = self.fields["quantity"]
        quantity.initial = product.quantity
        quantity.max_value = max(MOST_UNITS, product.quantity)
        quantity.widget.attrs["max"] = quantity.max_value
        if plan.needs_domain_name:
            del self.fields["quantity"]
