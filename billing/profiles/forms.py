"""The form of a billing address."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from billing.profiles.models import BillingAddress
from billing.profiles.services import AddressData
from manager.kit.fields import refuse_control_characters
from organizations.profile.models import Kind

TEXT: list[Callable[[Any], None]] = [refuse_control_characters]


class AddressForm(forms.Form):
    """Who an invoice is made out to, and where."""

    kind = forms.ChoiceField(label=_("Recipient"), choices=Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=120, validators=TEXT)
    street = forms.CharField(label=_("Street and number"), max_length=120, validators=TEXT)
    # Whether an address needs one, and of which form, is the country's matter: `check_address` decides.
    postal_code = forms.CharField(label=_("Postal code"), max_length=16, required=False, validators=TEXT)
    city = forms.CharField(label=_("City"), max_length=80, validators=TEXT)
    country = forms.ChoiceField(label=_("Country"), choices=lambda: list(countries))
    vat_number = forms.CharField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        validators=TEXT,
        help_text=_("For companies: with the country's letters, such as CHE-116.281.710 or DE136695976."),
    )

    def as_data(self) -> AddressData:
        """Return what was entered; the form is valid."""
        return AddressData(**self.cleaned_data)

    @staticmethod
    def initial_of(address: BillingAddress) -> dict[str, str]:
        """Return an address as the form shows it."""
        names = ("kind", "name", "street", "postal_code", "city", "vat_number")
        return {**{name: getattr(address, name) for name in names}, "country": str(address.country)}


class PurchaseOrderForm(forms.Form):
    """An order number of the organization, with its days."""

    number = forms.CharField(label=_("Order number"), max_length=40, validators=TEXT)
    address: Any = forms.ModelChoiceField(
        label=_("For invoices to"),
        queryset=None,  # given by the constructor
        required=False,
        empty_label=_("All addresses"),
    )
    valid_from = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until further notice."),
    )

    def __init__(self, *args: Any, addresses: QuerySet[BillingAddress], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].queryset = addresses  # type: ignore[attr-defined]
