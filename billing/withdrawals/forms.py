"""The forms of withdrawals: the member's request, and the filter and actions of staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.services import Destination
from billing.withdrawals.status import WithdrawalStatus
from manager.kit.fields import refuse_control_characters
from manager.kit.money import Money


class WithdrawalForm(forms.Form):
    """How much of the balance goes where (BIL-7)."""

    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=1,
        decimal_places=2,
        max_digits=11,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    means = forms.ChoiceField(label=_("Paid to"), choices=PayoutMeans.choices, widget=forms.RadioSelect)
    holder = forms.CharField(
        label=_("Name of the account's holder"), max_length=70, validators=[refuse_control_characters]
    )
    iban = forms.CharField(
        label=_("Account number (IBAN)"),
        max_length=50,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("For a bank account."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    paypal = forms.EmailField(
        label=_("Email address at PayPal"), required=False, help_text=_("For a PayPal account.")
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput())

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    @property
    def money(self) -> Money:
        """The chosen sum in minor units; the form has to be valid."""
        return Money(int(self.cleaned_data["amount"] * 100), self.currency)

    @property
    def destination(self) -> Destination:
        """Where it goes; what the other means asks for is left out."""
        data = self.cleaned_data
        means = PayoutMeans(data["means"])
        is_iban = means == PayoutMeans.IBAN
        return Destination(
            means,
            data["holder"],
            iban=data["iban"] if is_iban else "",
            paypal="" if is_iban else data["paypal"],
        )


class WithdrawalFilter(forms.Form):
    """The line above the staff's list; what it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", pgettext_lazy("withdrawals", "All")),
            ("open", _("Not ended")),
            *WithdrawalStatus.choices,
        ],
    )


class SelectionForm(forms.Form):
    """What staff do with the selected withdrawals; `reason` is mailed where money comes back."""

    do = forms.ChoiceField(choices=[(name, name) for name in ("approve", "refuse", "paid", "returned")])
    reason = forms.CharField(required=False, max_length=250, validators=[refuse_control_characters])
