"""Edit the organization's sheet."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from organizations.audit.services import record_audit
from organizations.profile.currency import currency_of
from organizations.profile.models import Organization
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


class CurrencyIsFixed(DomainError):
    """The new country pays in another currency than the organization."""

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

    :raises CurrencyIsFixed: the new country would change the currency.
    :raises InvalidVatNumber: the number is not one of the country.
    """
    with tenant_scope(organization.pk), transaction.atomic():
        row = Organization.objects.select_for_update().get(pk=organization.pk)
        wanted = {name: value for name, value in values.items() if name in EDITABLE}
        country = wanted.get("country", str(row.country))
        if currency_of(country) != row.currency:
            raise CurrencyIsFixed
        if {"vat_number", "country"} & wanted.keys():
            number = wanted.get("vat_number", row.vat_number)
            wanted["vat_number"] = check_vat_number(country=country, number=number)
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
        record_audit(
            organization_id=row.pk,
            name="organization.edited",
            actor=actor,
            at=at,
            subject=row,
            changes=changes,
        )
    return row
