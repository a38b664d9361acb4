"""A party of an invoice: who buys or sells, as it is written on documents and frozen in invoices."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django_countries import countries

from billing.profiles.models import BillingAddress, LegalEntity
from organizations.profile.models import Kind, Organization
from organizations.profile.vat_numbers import printed_vat_number


class NumberState(StrEnum):
    """What the register says of a VAT number, as far as it is known."""

    NOT_ASKED = ""
    WAITING = "waiting"
    VALID = "valid"
    NOT_VALID = "not_valid"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Name, address and VAT number. `country` is an ISO 3166 code, `kind` one of the organization's kinds.

    `vat_state` is a NumberState, `vat_answered_at` when the register answered (ISO 8601), `vat_reference`
    its number of the answer (BIL-6).
    """

    name: str
    kind: str
    street: str
    postal_code: str
    city: str
    country: str
    vat_number: str = ""
    address_id: int | None = None
    vat_state: str = ""
    vat_answered_at: str = ""
    vat_reference: str = ""

    @classmethod
    def of_address(cls, address: BillingAddress) -> "Party":
        """Return the party of a billing address."""
        return cls(
            name=address.name,
            kind=address.kind,
            street=address.street,
            postal_code=address.postal_code,
            city=address.city,
            country=str(address.country),
            vat_number=address.vat_number,
            address_id=address.pk,
        )

    @classmethod
    def of_organization(cls, organization: Organization) -> "Party":
        """Return the party of the organization itself, by its own address."""
        return cls(
            name=organization.name,
            kind=organization.kind,
            street=organization.street,
            postal_code=organization.postal_code,
            city=organization.city,
            country=str(organization.country),
            vat_number=organization.vat_number,
        )

    @classmethod
    def of_entity(cls, entity: LegalEntity) -> "Party":
        """Return the party of a company of the operator."""
        return cls(
            name=entity.name,
            kind=Kind.COMPANY,
            street=entity.street,
            postal_code=entity.postal_code,
            city=entity.city,
            country=str(entity.country),
            vat_number=entity.vat_number,
        )

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Party":
        """Return the party as an invoice has frozen it."""
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        """Return the party as plain values, to be frozen in an invoice."""
        return {name: getattr(self, name) for name in self.__slots__}  # all are plain values themselves

    @property
    def is_complete(self) -> bool:
        """Whether an invoice can be made out to it."""
        return bool(self.name and self.street and self.postal_code and self.city and self.country)

    @property
    def is_business(self) -> bool:
        """Whether it is anything but a private person."""
        return self.kind != Kind.PRIVATE

    @property
    def country_name(self) -> str:
        """The country's name in the active language."""
        return str(countries.name(self.country)) or self.country

    @property
    def printed_vat_number(self) -> str:
        """The VAT number as people write it."""
        return printed_vat_number(self.vat_number)

    @property
    def locality(self) -> str:
        """Postal code and city, on one line."""
        return f"{self.postal_code} {self.city}".strip()
