"""Forms of prices, filters and files of the catalogue."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import CURRENCIES, PERIOD_MONTHS, refuse_control_characters
from manager.kit.money import Money
from products.catalog.entries import MAX_AMOUNT, PriceKey
from products.catalog.labels import WHAT, describe_period
from products.catalog.models import Purpose

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)


class AmountField(forms.CharField):
    """An amount in major units as people type it (69, 69.50, 1'200.00), as minor units."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, validators=[refuse_control_characters], **options)

    def clean(self, value: Any) -> int | None:
        """Return minor units, or None for nothing."""
        text = str(super().clean(value) or "")
        for mark in "'’ \u00a0\u202f":
            text = text.replace(mark, "")
        text = text.replace(",", ".")
        if not text:
            return None
        if not (text.isascii() and text.replace(".", "", 1).isdigit()):
            raise ValidationError(_("Enter an amount such as 69.00."), code="no_amount")
        try:
            minor = Decimal(text) * 100
        except InvalidOperation as error:
            raise ValidationError(_("Enter an amount such as 69.00."), code="no_amount") from error
        if minor != int(minor) or minor > MAX_AMOUNT:
            raise ValidationError(_("Enter an amount such as 69.00."), code="no_amount")
        return int(minor)


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class PriceForm(forms.Form):
    """What a plan costs from a day on."""

    purpose = forms.ChoiceField(label=_("For"), choices=Purpose.choices)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    months = forms.TypedChoiceField(label=_("Period"), coerce=int, required=False)
    amount = AmountField(
        label=_("Amount without VAT"),
        required=False,
        help_text=_("For the whole period."),
    )
    ends = forms.BooleanField(label=_("Sell it no more on these days"), required=False)
    valid_from = _day(_("From"))
    valid_until = _day(
        _("Last day"),
        required=False,
        help_text=_("Then the price of before comes back. Empty: until further notice."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months: Any = self.fields["months"]
        months.choices = [(count, describe_period(count)) for count in PERIOD_MONTHS]

    def clean(self) -> dict[str, Any]:
        """Ask for days that a calendar knows, and for a period where there is one."""
        cleaned = super().clean() or {}
        for name in ("valid_from", "valid_until"):
            day = cleaned.get(name)
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, _("Choose a day of this century or the next."))
        if "amount" in cleaned and (cleaned["amount"] is None) != bool(cleaned.get("ends")):
            self.add_error("amount", _("Enter an amount, or tick that it is sold no more, not both."))
        if cleaned.get("purpose") != Purpose.RESTORE and not cleaned.get("months"):
            self.add_error("months", _("Choose a period."))
        return cleaned

    def key(self) -> PriceKey:
        """Return what the price is for; only after `is_valid`."""
        given = self.cleaned_data
        purpose = given.get("purpose", Purpose.RENEW)
        months = 0 if purpose == Purpose.RESTORE else int(given["months"])
        return PriceKey(purpose, given["currency"], months)


class OptionPriceForm(PriceForm):
    """What one step of an option costs from a day on; it has no price of its own for the first period."""

    purpose = None  # type: ignore[assignment]  # taken out of the form


def as_typed(amount: int | None, currency: str) -> str:
    """Return an amount as the form shows it."""
    return "" if amount is None else f"{Money(amount, currency).as_decimal():.2f}"


class PlanFilterForm(forms.Form):
    """What to show of the plans; a value that is not understood is left out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    family = forms.SlugField(required=False)
    kind = forms.SlugField(required=False)
    state = forms.ChoiceField(required=False, choices=[("sold", ""), ("off", "")])

    def wanted(self) -> dict[str, str]:
        """Return the filters of `list_all_plans`."""
        self.is_valid()
        given = self.cleaned_data
        return {
            "search": given.get("q", ""),
            **{name: given.get(name, "") for name in ("family", "kind", "state")},
        }


class HistoryFilterForm(forms.Form):
    """What to show of the history; a value that is not understood is left out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    plan = forms.SlugField(required=False)
    what = forms.ChoiceField(required=False, choices=[(name, "") for name in WHAT])

    def wanted(self) -> dict[str, str]:
        """Return the filters of `list_changes`."""
        self.is_valid()
        given = self.cleaned_data
        return {"search": given.get("q", ""), **{name: given.get(name, "") for name in ("plan", "what")}}


class PreviewForm(forms.Form):
    """How to look at a plan: in which language and currency, on which day."""

    language = forms.ChoiceField(required=False, choices=settings.LANGUAGES)
    currency = forms.ChoiceField(required=False, choices=CURRENCIES)
    on = forms.DateField(required=False)


class PlaceForm(forms.Form):
    """One place up or down."""

    direction = forms.ChoiceField(choices=[("up", ""), ("down", "")])


class UploadForm(forms.Form):
    """A file with a catalogue."""

    file = forms.FileField(
        label=_("Catalogue file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
        help_text=_("A YAML file as the export writes it, at most 2 MB."),
    )


class ConfirmForm(forms.Form):
    """The state of the catalogue that the differences were shown for."""

    base = forms.RegexField(regex=r"^[0-9a-f]{64}$")
