"""Forms of visitors."""

from django import forms

from manager.kit.fields import CURRENCIES


class CurrencyForm(forms.Form):
    """In which currency prices are shown."""

    currency = forms.ChoiceField(choices=CURRENCIES)
