"""The forms of the back office's pages of refunds."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.refunds.selectors import Refundable
from billing.refunds.services.refund import Destination, Wish
from billing.refunds.status import RefundStatus
from manager.kit.fields import refuse_control_characters
from manager.kit.money import Money


class InvoiceFilter(forms.Form):
    """The line above the list of invoices to choose from."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])


class RefundFilter(InvoiceFilter):
    """The line above the list of refunds; what it does not know it leaves out."""

    status = forms.ChoiceField(
        required=False,
        choices=[("", pgettext_lazy("refunds", "All")), ("open", _("On their way")), *RefundStatus.choices],
    )


class RefundForm(forms.Form):
    """What of an invoice is given back: a sum for each line, or a free one, VAT included."""

    amount = forms.DecimalField(
        label=_("Or a free amount, VAT included"),
        required=False,
        min_value=0,
        decimal_places=2,
        max_digits=12,
        help_text=_("It is taken from all lines in proportion. Leave it empty where you chose lines."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=250,
        help_text=_("The customer reads it on the credit note."),
        validators=[refuse_control_characters],
    )
    destination = forms.ChoiceField(label=_("Where the money goes"), choices=Destination.choices)
    ends_products = forms.BooleanField(
        label=_("End the products of lines that are given back as a whole"),
        required=False,
        help_text=_("They end now and their days are free again. Otherwise the customer keeps them."),
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput())

    def __init__(self, *args: Any, refundable: Refundable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refundable = refundable
        if refundable.charge is None:
            self.fields["destination"].choices = [(Destination.PREPAID.value, Destination.PREPAID.label)]  # type: ignore[attr-defined]  # a choice field
        for line in refundable.lines:
            if line.left:
                self.fields[f"line_{line.id}"] = forms.DecimalField(
                    label=line.description,
                    required=False,
                    min_value=min(Decimal(0), Decimal(line.left) / 100),
                    max_value=max(Decimal(0), Decimal(line.left) / 100),
                    decimal_places=2,
                    max_digits=12,
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                )

    def rows(self) -> list[tuple[Any, Money, Money]]:
        """Return each line's field with its total and what is left, VAT included."""
        currency = self.refundable.invoice.currency
        return [
            (self[f"line_{line.id}"], Money(line.total, currency), Money(line.left, currency))
            for line in self.refundable.lines
            if line.left
        ]

    def clean(self) -> dict[str, Any]:
        """Take lines or a free amount, not both."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("amount") and any(data.get(name) for name in data if name.startswith("line_")):
            self.add_error("amount", _("Please enter sums for lines or a free amount, not both."))
        return data

    @property
    def wish(self) -> Wish:
        """What is asked for, in minor units; the form has to be valid."""
        data = self.cleaned_data
        parts = {line.id: _cents(data.get(f"line_{line.id}")) for line in self.refundable.lines}
        return Wish(
            parts={number: part for number, part in parts.items() if part},
            amount=_cents(data.get("amount")),
            destination=Destination(data["destination"]),
            reason=data["reason"],
            ends_products=data["ends_products"],
        )


def _cents(value: Decimal | None) -> int:
    return int(value * 100) if value else 0
