"""Edit the organization's sheet."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from organizations.access.locks import lock_organization
from organizations.audit.services import record_audit
from organizations.profile.addresses import check_address
from organizations.profile.currency import currency_of, why_currency_is_fixed
from organizations.profile.models import Organization
from organizations.profile.services.vat import ask_register
from organizations.profile.vat_numbers import check_vat_number

EDITABLE = (
    "name",
    "kind",
    "street",
    "postal_code",
    "city",
    "country",
    "vat_number",
    "language",
    "time_zone",
)


ADDRESS = frozenset({"street", "postal_code", "city", "country"})


class CurrencyIsFixed(DomainError):
    """The new country pays in another currency than the organization, which has documents in its own."""

    code = "currency_is_fixed"
    status = 409
    field = "country"
    message = _(
        "This country pays in another currency. An organization keeps the currency it began with; "
        "please create a further organization for that country."
    )


def edit_organization(
    *, organization: Organization, values: Mapping[str, str], actor: Actor, at: datetime
) -> Organization:
    """Change those fields of the sheet that `values` names (ORG-4). The audit log keeps old and new.

    A new VAT number is asked at its register. A country of another currency changes the currency, too, as
    long as nothing was ordered or billed.

    :raises CurrencyIsFixed: the new country would change the currency, and there are documents.
    :raises InvalidVatNumber: the number is not one of the country.
    :raises AddressIncomplete: the new address lacks a part that the country's addresses have.
    :raises PostalCodeInvalid: the postal code is not of the country's form.
    """
    with tenant_scope(organization.pk), transaction.atomic():
        row = lock_organization(organization_id=organization.pk)
        wanted = {name: value for name, value in values.items() if name in EDITABLE}
        wanted = _checked(row, wanted)
        changes = {
            name: {"from": str(getattr(row, name)), "to": value}
            for name, value in wanted.items()
            if str(getattr(row, name)) != value
        }
        if not changes:
            return row
        for name in changes:
            setattr(row, name, wanted[name])
        row.save(update_fields=list(changes))
        if "vat_number" in changes:
            ask_register(organization=row, at=at)
        record_audit(
            organization_id=row.pk,
            name="organization.edited",
            actor=actor,
            at=at,
            subject=row,
            changes=changes,
        )
    return row


def _checked(row: Organization, wanted: dict[str, str]) -> dict[str, str]:
    """Return `wanted` in the form in which it is stored, with the currency where that changes."""
    sheet = {name: str(getattr(row, name)) for name in EDITABLE} | wanted
    changed = {name for name, value in wanted.items() if str(getattr(row, name)) != value}
    if currency_of(sheet["country"]) != row.currency:
        if why_currency_is_fixed(row.pk):
            raise CurrencyIsFixed
        wanted = {**wanted, "currency": currency_of(sheet["country"])}
    if {"vat_number", "country"} & changed:
        number = check_vat_number(country=sheet["country"], number=sheet["vat_number"])
        wanted = {**wanted, "vat_number": number}
    if ADDRESS & changed:
        code = check_address(
            country=sheet["country"],
            street=sheet["street"],
            postal_code=sheet["postal_code"],
            city=sheet["city"],
        )
        wanted = {**wanted, "postal_code": code}
    return wanted
