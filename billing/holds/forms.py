"""Forms of the back office's pages of held orders, and of the rules that hold them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.holds.status import HoldStatus, RuleKind
from manager.kit.fields import CURRENCIES, refuse_control_characters

MOST_LINES = 200


class HoldFilter(forms.Form):
    """The line above the list; what it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(
        required=False, choices=[("", pgettext_lazy("orders", "All")), *HoldStatus.choices]
    )


class DecisionForm(forms.Form):
    """Why an order is released or refused; staff alone read it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("For our staff alone; the customer does not read it."),
        validators=[refuse_control_characters],
    )


class RuleForm(forms.Form):
    """On or off; each kind adds its parameters."""

    is_on = forms.BooleanField(label=_("This rule holds orders"), required=False)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters as the rule keeps them; the form has to be valid."""
        return {}


def _amounts(data: dict[str, Any]) -> dict[str, int]:
    given = {code: data.get(f"amount_{code.lower()}") for code, _label in CURRENCIES}
    return {code: int(value * 100) for code, value in given.items() if value is not None}


class AmountsForm(RuleForm):
    """An amount for each currency, VAT included; an empty one means none."""

    amount_chf = forms.DecimalField(
        label=_("From this amount in CHF"), required=False, min_value=0, max_digits=10, decimal_places=2
    )
    amount_eur = forms.DecimalField(
        label=_("From this amount in EUR"), required=False, min_value=0, max_digits=10, decimal_places=2
    )

    def parameters(self) -> dict[str, Any]:
        """Return the amounts in minor units."""
        return {"amounts": _amounts(self.cleaned_data)}


class VelocityForm(AmountsForm):
    """So many orders, or so much money, in so many hours."""

    field_order = ("is_on", "orders", "hours", "amount_chf", "amount_eur")
    orders = forms.IntegerField(label=_("Orders, with this one"), min_value=2, max_value=1000)
    hours = forms.IntegerField(label=_("Within so many hours"), min_value=1, max_value=24 * 90)

    def parameters(self) -> dict[str, Any]:
        """Return the window with its limits."""
        chosen = {name: self.cleaned_data[name] for name in ("orders", "hours")}
        return {**chosen, **super().parameters()}


class CountryForm(RuleForm):
    """Which countries are compared."""

    sources = forms.MultipleChoiceField(
        label=_("Compare"),
        choices=[("organization", _("Organization")), ("address", _("Billing address")), ("card", _("Card"))],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_sources(self) -> list[str]:
        """Refuse fewer than two: one country always matches itself."""
        sources: list[str] = self.cleaned_data["sources"]
        if len(sources) < 2:
            raise forms.ValidationError(_("Please choose at least two."))
        return sources

    def parameters(self) -> dict[str, Any]:
        """Return what is compared."""
        return {"sources": self.cleaned_data["sources"]}


class LinesForm(RuleForm):
    """A list, one entry a line."""

    name = "words"
    lines = forms.CharField(label=_("One a line"), widget=forms.Textarea, max_length=10_000)

    def clean_lines(self) -> list[str]:
        """Return the entries, each once."""
        entries = [line.strip().lower() for line in self.cleaned_data["lines"].splitlines()]
        entries = list(dict.fromkeys(line for line in entries if line))
        for entry in entries:
            refuse_control_characters(entry)
        if not entries or len(entries) > MOST_LINES or any(len(entry) > 100 for entry in entries):
            raise forms.ValidationError(_("Please give 1 to 200 entries of at most 100 characters."))
        return entries

    def parameters(self) -> dict[str, Any]:
        """Return the entries under the rule's own name."""
        return {self.name: self.cleaned_data["lines"]}


class PatternsForm(LinesForm):
    """Patterns of addresses, with * for any characters."""

    name = "patterns"


FORMS: dict[str, type[RuleForm]] = {
    RuleKind.VELOCITY: VelocityForm,
    RuleKind.COUNTRY: CountryForm,
    RuleKind.AMOUNT: AmountsForm,
    RuleKind.FIRST_ORDER: AmountsForm,
    RuleKind.DOMAIN_NAME: LinesForm,
    RuleKind.EMAIL: PatternsForm,
}

HINTS = {
    RuleKind.VELOCITY: _("Counts the organization's orders before this one, paid or not."),
    RuleKind.COUNTRY: _("What is not known is not compared: a card tells its country once it is saved."),
    RuleKind.AMOUNT: _("Of one order, VAT included."),
    RuleKind.FIRST_ORDER: _("Holds until an order of the organization was paid and not refused."),
    RuleKind.DOMAIN_NAME: _("Parts of a name, such as the names of banks."),
    RuleKind.EMAIL: _("The login of who ordered, with * for any characters, such as *@mail.example."),
}


def initial_of(kind: str, is_on: bool, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return what the form of a rule shows."""
    amounts = parameters.get("amounts", {})
    shown: dict[str, Any] = {
        f"amount_{code.lower()}": Decimal(amounts[code]) / 100
        for code, _label in CURRENCIES
        if code in amounts
    }
    lines = parameters.get("words") or parameters.get("patterns") or []
    own: dict[str, Any] = {
        name: parameters[name] for name in ("orders", "hours", "sources") if name in parameters
    }
    return {"is_on": is_on, "lines": "\n".join(lines), **own, **shown}
