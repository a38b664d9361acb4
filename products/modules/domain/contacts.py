"""The four contacts of a domain: what each has to tell, by the rules of its country and of the registry."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.users.addresses import normalize_phone
from manager.kit.errors import DomainError
from manager.kit.fields import refuse_control_characters
from organizations.members.selectors import list_representatives
from organizations.profile.addresses import check_address
from organizations.profile.models import Organization

LENGTHS = {"name": 120, "street": 120, "postal_code": 16, "city": 80, "country": 2, "email": 254, "phone": 30}
REQUIRED = ("name", "street", "city", "country", "email")


class ContactRole(TextChoices):
    """What a contact is asked about."""

    OWNER = "owner", _("Owner")
    ADMINISTRATIVE = "administrative", _("Administrative contact")
    TECHNICAL = "technical", _("Technical contact")
    BILLING = "billing", _("Billing contact")


class ContactInvalid(DomainError):
    """A field of the contact has a value that the registry does not take."""

    code = "contact_invalid"
    status = 422


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or an organization as the registry knows it."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    email: str
    phone: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it as it is stored and told to the driver."""
        return asdict(self)

    @property
    def country_name(self) -> str:
        """The country's name in the present language."""
        return str(countries.name(self.country))

    @property
    def is_complete(self) -> bool:
        """Whether all is there that a registry asks for."""
        return all(getattr(self, name) for name in REQUIRED)


EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
# Where the owner of a domain has to be at home, by the domain's last part.
RESIDENCE: dict[str, frozenset[str]] = {
    "swiss": frozenset({"CH"}),
    "eu": EEA,
    "fr": EEA | {"CH"},
    "it": EEA | {"CH", "GB", "SM", "VA"},
}


def default_contact(organization: Organization) -> Contact:
    """Return the contact that stands where none was chosen: the organization with its representative."""
    leading = list_representatives(organization_id=organization.pk)
    return Contact(
        name=organization.name,
        street=organization.street,
        postal_code=organization.postal_code,
        city=organization.city,
        country=str(organization.country),
        email=leading[0].email if leading else "",
    )


def check_contact(given: Mapping[str, str], *, role: str, domain: str) -> Contact:
    """Return a contact from what was typed.

    :raises ContactInvalid: something is missing, too long, or not of the country's form; says the field.
    :raises DomainError: the address is none of that country; says the field.
    """
    values = {name: str(given.get(name) or "").strip() for name in LENGTHS}
    for name, text in values.items():
        _check_text(name, text)
    if values["country"] not in countries:
        raise ContactInvalid(_("Please choose a country."), field="country")
    address = {name: values[name] for name in ("country", "street", "postal_code", "city")}
    values["postal_code"] = check_address(**address)
    try:
        validate_email(values["email"])
    except ValidationError as error:
        raise ContactInvalid(_("Please enter a mail address."), field="email") from error
    if values["phone"]:
        try:
            values["phone"] = normalize_phone(values["phone"])
        except ValidationError as error:
            raise ContactInvalid(str(error.messages[0]), field="phone") from error
    homes = RESIDENCE.get(domain.rsplit(".", 1)[-1])
    if role == ContactRole.OWNER and homes and values["country"] not in homes:
        raise ContactInvalid(
            _("The registry of this extension takes no owners from this country."), field="country"
        )
    return Contact(**values)


def _check_text(name: str, text: str) -> None:
    if not text and name in REQUIRED:
        raise ContactInvalid(_("Please fill this in."), field=name)
    if len(text) > LENGTHS[name]:
        raise ContactInvalid(_("This is too long."), field=name)
    try:
        refuse_control_characters(text)
    except ValidationError as error:
        raise ContactInvalid(str(error.messages[0]), field=name) from error
    if "\n" in text or "\r" in text:
        raise ContactInvalid(_("This is one line."), field=name)
