"""The form to top up."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.gateway.registry import offered_kinds
from billing.prepaid.services import LEAST, MOST
from manager.kit.money import Money


class TopUpForm(forms.Form):
    """A sum from 0.10 to 9,999 and the kind of means (BIL-7)."""

    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=Decimal(LEAST) / 100,
        max_value=Decimal(MOST) / 100,
        decimal_places=2,
        max_digits=6,
        localize=True,
        help_text=_("Between 0.10 and 9,999."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "min_value": _("Please choose a sum between 0.10 and 9,999."),
            "max_value": _("Please choose a sum between 0.10 and 9,999."),
            "max_digits": _("Please choose a sum between 0.10 and 9,999."),
        },
    )
    kind = forms.CharField(max_length=10)

    def __init__(self, *args: object, currency: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on
        self.currency = currency

    def clean_kind(self) -> str:
        """Take only kinds that the provider takes in this currency."""
        kind: str = self.cleaned_data["kind"]
        if kind not in {known.value for known in offered_kinds(currency=self.currency)}:
            raise forms.ValidationError(_("Please choose how you want to pay."))
        return kind

    @property
    def money(self) -> Money:
        """The chosen sum in minor units."""
        return Money(int(self.cleaned_data["amount"] * 100), self.currency)
