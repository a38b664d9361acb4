"""The form of a restore."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from products.catalog.labels import describe_period


class RestoreForm(forms.Form):
    """By which period the domain is renewed with its restore."""

    months = forms.TypedChoiceField(label=_("Renew by"), coerce=int)

    def __init__(self, *args: Any, choices: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["months"]
        field.choices = [(months, describe_period(months)) for months in choices]
