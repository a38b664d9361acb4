"""Forms of the back office: a new rate, a seller's scheme."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.profiles.models import LegalEntity
from billing.tax.models import Scheme
from billing.tax.wording import place_choices
from manager.kit.fields import refuse_control_characters

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)


def _day() -> forms.DateField:
    return forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class FromDayForm(forms.Form):
    """Something that holds from a day on."""

    valid_from = _day()

    def clean_valid_from(self) -> date:
        """Ask for a day of this age."""
        day: date = self.cleaned_data["valid_from"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Enter a day of this century."))
        return day


class RateForm(FromDayForm):
    """The rate of a country or region from a day on."""

    field_order = ("country", "percent", "valid_from")
    country = forms.ChoiceField(label=_("Country or region"))
    percent = forms.DecimalField(
        label=_("Rate in percent"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        max_digits=5,
    )

    def __init__(self, *args: Any, places: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = place_choices(places)  # type: ignore[attr-defined]

    @property
    def basis_points(self) -> int:
        """The rate in basis points; the form is valid."""
        return int(self.cleaned_data["percent"] * 100)


class SchemeForm(FromDayForm):
    """How a company of the operator taxes consumers in the European Union."""

    field_order = ("seller", "scheme", "number", "valid_from")
    seller = forms.ModelChoiceField(label=_("Company"), queryset=LegalEntity.objects.order_by("name", "pk"))
    scheme = forms.ChoiceField(label=_("Scheme"), choices=Scheme.choices)
    number = forms.CharField(
        label=_("Number of the registration"),
        max_length=40,
        required=False,
        validators=[refuse_control_characters],
    )
