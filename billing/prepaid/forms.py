"""The forms of the prepaid account: to top up, and what of the movements is shown."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.gateway.registry import offered_kinds
from billing.payment_methods.models import PaymentMethod
from billing.prepaid.automatic import Wish
from billing.prepaid.kinds import KINDS
from billing.prepaid.selectors import Wanted
from billing.prepaid.services import LEAST, MOST
from manager.kit.money import Money

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)

SUMS = ("notice_below", "auto_below", "auto_amount")


def _sum(label: Any, hint: Any) -> forms.DecimalField:
    """Return a field of a sum that may be left empty."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=False,
        min_value=Decimal("0.01"),
        decimal_places=2,
        max_digits=9,
        localize=True,
        widget=widget,
    )


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


class MovementFilter(forms.Form):
    """The line above the movements; what it does not know it leaves out."""

    kind = forms.ChoiceField(required=False, choices=[("", _("All kinds")), *KINDS.items()])
    first = forms.DateField(required=False)
    last = forms.DateField(required=False)

    @property
    def wanted(self) -> Wanted:
        """Which movements are shown; the form was asked whether it is valid."""
        data = self.cleaned_data
        return Wanted(
            kind=data.get("kind", ""), first=known_day(data.get("first")), last=known_day(data.get("last"))
        )


class StatementForm(forms.Form):
    """The days of a statement, both ends included."""

    first = forms.DateField()
    last = forms.DateField()

    def clean(self) -> dict[str, date]:
        """Take days that calendars of people know."""
        data: dict[str, date] = super().clean() or {}
        for name in ("first", "last"):
            if name in data and known_day(data[name]) is None:
                self.add_error(name, _("Please choose a day from 2000 on."))
        return data


def known_day(given: date | None) -> date | None:
    """Leave out days far away, in which time zones cannot be reckoned."""
    return given if given is not None and EARLIEST <= given <= LATEST else None


class SettingsForm(forms.Form):
    """When to tell of a low balance, and when to top up by itself; what is empty is off."""

    notice_below = _sum(_("Write to us below"), _("One mail, and the next only after it was above again."))
    auto_below = _sum(_("Top up by itself below"), _("At most three times a day."))
    auto_amount = _sum(pgettext_lazy("an amount", "By"), _("Between 0.10 and 9,999."))
    auto_method = forms.ChoiceField(label=_("From"), required=False)
    pays_renewals = forms.BooleanField(
        label=_("Renewals take what is on the account first"),
        help_text=_("What is missing is charged to the means that the product renews with."),
        required=False,
    )

    def __init__(self, *args: Any, methods: list[PaymentMethod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.methods = {str(method.pk): method for method in methods}
        choices = [("", _("Off")), *((pk, str(method)) for pk, method in self.methods.items())]
        self.fields["auto_method"].choices = choices  # type: ignore[attr-defined]  # a choice field

    @property
    def wish(self) -> Wish:
        """What is wanted, in minor units; the form has to be valid."""
        data = self.cleaned_data
        notice_below, auto_below, auto_amount = (
            None if data[name] is None else int(data[name] * 100) for name in SUMS
        )
        return Wish(
            notice_below=notice_below,
            auto_below=auto_below,
            auto_amount=auto_amount,
            auto_method=self.methods.get(data["auto_method"]),
            pays_renewals=data["pays_renewals"],
        )
