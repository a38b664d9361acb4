"""Forms of the shop."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.orders.domain_check import MOST_NAMES
from billing.orders.services.cart import MOST_UNITS
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from products.catalog.chosen_options import OptionsForm
from products.catalog.labels import describe_period
from products.catalog.models import Plan
from products.catalog.pricing import PriceBook
from products.catalog.setup import offered_choices

SETUP = "setup-"


class PlanForm(OptionsForm):
    """How a plan is bought: its period, how many, its name and its options."""

    months = forms.TypedChoiceField(label=_("Period"), coerce=int, widget=forms.RadioSelect)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST_UNITS, initial=1)
    name = forms.CharField(max_length=190, required=False, validators=[refuse_control_characters])

    is_trial = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        book: PriceBook,
        periods: Sequence[int],
        may_try: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, options=book.sold_options(plan), **kwargs)
        months: Any = self.fields["months"]
        months.choices = [(count, describe_period(count)) for count in periods]
        months.initial = 12 if 12 in periods else next(iter(periods), None)
        choices = offered_choices(kind=plan.kind, options=book.options_of(plan))
        self._setup = {f"{SETUP}{choice.slug}": choice for choice in choices}
        for field, choice in self._setup.items():
            self.fields[field] = forms.ChoiceField(label=str(choice.label), choices=choice.answers)
        label = ngettext(
            "Begin with %(count)d month for free", "Begin with %(count)d months for free", plan.trial_months
        )
        self.fields["is_trial"].label = label % {"count": plan.trial_months}
        if not (plan.trial_months and may_try) and "is_trial" not in self.data:
            del self.fields["is_trial"]  # one that is sent all the same is refused beside it
        name: Any = self.fields["name"]
        if plan.needs_domain_name:
            name.label, name.required = _("Domain name"), True
            name.help_text = _("For example example.ch")
            del self.fields["quantity"]
        else:
            name.label = _("Name")
            name.help_text = _("How you want to call it in your lists. You can change it at any time.")

    @property
    def setup_fields(self) -> list[BoundField]:
        """The fields of what can be chosen for the setting up."""
        return [self[field] for field in self._setup]

    def choice(self) -> dict[str, Any]:
        """Return what was chosen beside the options; valid forms only."""
        return {
            "months": self.cleaned_data["months"],
            "quantity": self.cleaned_data.get("quantity", 1),
            "name": self.cleaned_data["name"],
            "is_trial": self.cleaned_data.get("is_trial", False),
            "setup": {choice.slug: self.cleaned_data[field] for field, choice in self._setup.items()},
        }


class DomainNamesForm(forms.Form):
    """Domain names to be checked, as people write several: on lines, or with commas or blanks between."""

    names = forms.CharField(
        label=_("Domain names"),
        max_length=2000,
        validators=[refuse_control_characters],
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("Up to ten, with or without an extension: one a line, or with commas."),
    )

    def clean_names(self) -> list[str]:
        """Return the names, each once, at most ten."""
        names = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["names"].strip())))
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(_("Please check at most ten names at once."))
        return names


class CartLineForm(forms.Form):
    """Another period or quantity of a line in the cart."""

    months = forms.IntegerField(min_value=1, max_value=120)
    quantity = forms.IntegerField(min_value=1, max_value=MOST_UNITS, required=False)
    free_credit = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)


class CheckoutForm(forms.Form):
    """What is confirmed: the address, the means, the total that was seen, and this one confirmation."""

    address = forms.CharField(max_length=20, required=False)
    choice = forms.CharField(max_length=40, required=False)
    confirmation_key = forms.RegexField(r"\A[0-9a-f]{32}\Z")
    confirmed_total = forms.IntegerField(min_value=0, max_value=10**12)
