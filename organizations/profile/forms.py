"""Forms of organizations: the sheet, a further one, and registration."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.users.forms import RegistrationFields, time_zones
from manager.kit.errors import DomainError
from manager.kit.fields import refuse_control_characters
from organizations.profile.addresses import check_address
from organizations.profile.models import Kind
from organizations.profile.services.logo import MAX_BYTES, MAX_PIXELS
from organizations.profile.vat_numbers import InvalidVatNumber, check_vat_number

REGISTRATION_KINDS = (
    (Kind.PRIVATE, _("For myself, as a private person")),
    (Kind.COMPANY, _("For a company or an organization")),
)


def country_choices() -> list[tuple[str, str]]:
    """Return the countries by name in the present language, nothing chosen first."""
    return [("", ""), *((country.code, country.name) for country in countries)]


def text_field(label: Any, length: int, *, required: bool = True, autocomplete: str = "", **more: Any) -> Any:
    """Return a field of one line that refuses control characters."""
    widget = forms.TextInput(attrs={"autocomplete": autocomplete} if autocomplete else {})
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        validators=[refuse_control_characters],
        widget=widget,
        **more,
    )


class AddressedForm(forms.Form):
    """Who an organization is and where: what every form about one asks."""

    name = text_field(_("Name"), 120, autocomplete="organization")
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    street = text_field(_("Street and number"), 120, required=False, autocomplete="street-address")
    postal_code = text_field(_("Postal code"), 16, required=False, autocomplete="postal-code")
    city = text_field(_("City"), 80, required=False, autocomplete="address-level2")
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    vat_number = text_field(
        _("VAT number"),
        20,
        required=False,
        help_text=_("With its country letters, for example CHE-123.456.789 MWST."),
    )

    def clean(self) -> dict[str, Any]:
        """Check address and VAT number against the country."""
        data = super().clean() or self.cleaned_data
        if {"country", "street", "postal_code", "city"} <= data.keys():
            try:
                data["postal_code"] = check_address(
                    **{name: data[name] for name in ("country", "street", "postal_code", "city")}
                )
            except DomainError as error:
                self.add_error(error.field, str(error.message))
        if data.get("country") and "vat_number" in data:
            try:
                data["vat_number"] = check_vat_number(country=data["country"], number=data["vat_number"])
            except InvalidVatNumber as error:
                self.add_error("vat_number", str(error.message))
        return data


class NewOrganizationForm(AddressedForm):
    """A further organization (ORG-3); language and time zone are the person's own."""


class OrganizationForm(AddressedForm):
    """The sheet of an organization (ORG-4)."""

    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Invoices are written in this language.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Expiry dates count in this time zone.")
    )


class LogoForm(forms.Form):
    """A picture for the top left (ORG-5)."""

    file = forms.FileField(
        label=_("Picture"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {"megabytes": MAX_BYTES // 1_000_000, "pixels": MAX_PIXELS // 1_000_000}
        file = self.fields["file"]
        file.help_text = (
            gettext("PNG, JPEG, WebP or GIF, at most %(megabytes)d MB and %(pixels)d million pixels.")
            % limits
        )
        file.error_messages["required"] = (
            gettext("Please choose a picture of at most %(megabytes)d MB.") % limits
        )

    def clean_file(self) -> bytes:
        """Return what was sent, but not more than a byte beyond the limit."""
        data: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return data


class RegistrationForm(RegistrationFields):
    """What a new customer tells (ACC-1)."""

    kind = forms.ChoiceField(
        label=_("What is the account for?"),
        choices=REGISTRATION_KINDS,
        initial=Kind.PRIVATE,
        widget=forms.RadioSelect,
    )
    company_name = text_field(_("Company name"), 120, required=False, autocomplete="organization")
    country = forms.ChoiceField(
        label=_("Country"),
        choices=country_choices,
        initial="CH",
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask a company for its name."""
        data = super().clean()
        if data.get("kind") == Kind.COMPANY and not data.get("company_name"):
            self.add_error("company_name", _("Please give the name of the company."))
        return data


class InvitedRegistrationForm(RegistrationFields):
    """What an invited person tells; the invitation brings the address and the organization."""

    def __init__(self, *args: Any, invited_email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.disabled = True
        email.help_text = _("The invitation is bound to this address.")
        self.initial["email"] = invited_email
