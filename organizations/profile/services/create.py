"""Create an organization, with its first legal representative."""

from datetime import datetime

from django.db import connection, transaction

from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.roles import Role
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from organizations.profile.addresses import check_address
from organizations.profile.currency import currency_of
from organizations.profile.models import Organization
from organizations.profile.services.vat import ask_register
from organizations.profile.vat_numbers import check_vat_number
from organizations.summaries.services import note_representatives


def create_organization(
    *,
    name: str,
    kind: str,
    country: str,
    owner: User,
    actor: Actor,
    at: datetime,
    street: str = "",
    postal_code: str = "",
    city: str = "",
    vat_number: str = "",
    language: str = "",
    time_zone: str = "",
) -> Organization:
    """Create an organization whose legal representative, with the billing right, is `owner` (ORG-3).

    The country sets its currency. Language and time zone are the owner's unless given. Publishes
    `organization.created`; a VAT number is asked at its register.

    :raises InvalidVatNumber: the number is not one of the country.
    :raises AddressIncomplete: the address lacks a part that the country's addresses have.
    :raises PostalCodeInvalid: the postal code is not of the country's form.
    """
    vat_number = check_vat_number(country=country, number=vat_number)
    postal_code = check_address(country=country, street=street, postal_code=postal_code, city=city)
    organization_id = _take_id()
    with tenant_scope(organization_id, owner.pk), transaction.atomic():
        organization = Organization.objects.create(
            pk=organization_id,
            name=name,
            kind=kind,
            street=street,
            postal_code=postal_code,
            city=city,
            country=country,
            currency=currency_of(country),
            vat_number=vat_number,
            language=language or owner.language,
            time_zone=time_zone or owner.time_zone,
            created_at=at,
        )
        Membership.objects.create(
            organization=organization,
            user=owner,
            role=Role.LEGAL_REPRESENTATIVE,
            has_billing=True,
            created_at=at,
            last_used_at=at,
        )
        note_representatives(organization_id=organization_id)
        ask_register(organization=organization, at=at)
        record_audit(
            organization_id=organization_id,
            name="organization.created",
            actor=actor,
            at=at,
            subject=organization,
        )
        publish(
            "organization.created",
            organization_id=organization_id,
            payload={"organization": organization_id, "owner": owner.pk},
            at=at,
        )
    return organization


def _take_id() -> int:
    """Take the next id first: row-level security lets a row in only under its own organization."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organizations_organization', 'id'))")
        return int(cursor.fetchone()[0])
