"""Change billing addresses, and say which company sells (BIL-5, BIL-8)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from billing.profiles.models import BillingAddress, LegalEntity
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from organizations.access.locks import lock_organization
from organizations.audit.services import record_audit
from organizations.profile.addresses import check_address
from organizations.profile.models import Organization
from organizations.profile.services.vat import ask_number, forget_numbers
from organizations.profile.vat_numbers import check_vat_number

MAX_ADDRESSES = 100


class AddressInUse(DomainError):
    """Renewals are made out to the address."""

    code = "address_in_use"
    message = _("Renewals are made out to this address. Choose another one for them first.")


class PrefixTaken(DomainError):
    """Two companies would number alike, or one in two ways."""

    code = "prefix_taken"
    field = "number_prefix"
    message = _("Each company numbers with letters of its own, and keeps them once it has issued documents.")


class TooManyAddresses(DomainError):
    """More addresses than anybody can choose from."""

    code = "too_many_addresses"
    message = _(
        "You have reached the largest number of billing addresses. Remove one that you no longer need."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressData:
    """What a billing address consists of; `country` is an ISO 3166 code."""

    kind: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    vat_number: str = ""

    def as_columns(self) -> dict[str, str]:
        """Return the columns, with VAT number and postal code checked and in the form of their country.

        :raises InvalidVatNumber: the number is not one of the country.
        :raises AddressIncomplete: a part is missing that the country's addresses have.
        :raises PostalCodeInvalid: the postal code is not of the country's form.
        """
        code = check_address(
            country=self.country, street=self.street, postal_code=self.postal_code, city=self.city
        )
        return {
            "kind": self.kind,
            "name": self.name,
            "street": self.street,
            "postal_code": code,
            "city": self.city,
            "country": self.country,
            "vat_number": check_vat_number(country=self.country, number=self.vat_number),
        }


@transaction.atomic
def add_address(
    *, organization: Organization, data: AddressData, actor: Actor, at: datetime
) -> BillingAddress:
    """Add a billing address (BIL-8); the default one stays what it was. Its number is asked at the register.

    :raises InvalidVatNumber: the VAT number is not one of the country.
    :raises AddressIncomplete: a part is missing that the country's addresses have.
    :raises PostalCodeInvalid: the postal code is not of the country's form.
    :raises TooManyAddresses: there are 100 already.
    :raises OrganizationDeleted: the organization was deleted at this moment.
    """
    organization = lock_organization(organization_id=organization.pk)
    if BillingAddress.objects.filter(organization_id=organization.pk).count() >= MAX_ADDRESSES:
        raise TooManyAddresses
    address = BillingAddress.objects.create(
        organization_id=organization.pk, created_at=at, **data.as_columns()
    )
    ask_number(organization=organization, number=address.vat_number, at=at)
    _audit("billing_address.added", address, actor, at)
    return address


@transaction.atomic
def edit_address(*, address: BillingAddress, data: AddressData, actor: Actor, at: datetime) -> BillingAddress:
    """Change a billing address; invoices keep the party that they were made out to. A new number is asked.

    :raises InvalidVatNumber: the VAT number is not one of the country.
    :raises AddressIncomplete: a part is missing that the country's addresses have.
    :raises PostalCodeInvalid: the postal code is not of the country's form.
    """
    organization = lock_organization(organization_id=address.organization_id)
    address, former = _lock(address), address.vat_number
    for column, value in data.as_columns().items():
        setattr(address, column, value)
    address.save()
    if address.vat_number != former:
        forget_numbers(organization=organization)
        ask_number(organization=organization, number=address.vat_number, at=at)
    _audit("billing_address.changed", address, actor, at)
    return address


@transaction.atomic
def set_default_address(*, address: BillingAddress, actor: Actor, at: datetime) -> BillingAddress:
    """Make a billing address the one that invoices are made out to unless another is chosen."""
    addresses = BillingAddress.objects.filter(organization_id=address.organization_id)
    list(addresses.select_for_update().order_by("id").values_list("id"))
    addresses.filter(is_default=True).update(is_default=False)
    address = _lock(address)
    address.is_default = True
    address.save(update_fields=["is_default"])
    _audit("billing_address.made_default", address, actor, at)
    return address


@transaction.atomic
def clear_default_address(*, organization: Organization, actor: Actor, at: datetime) -> None:
    """Make the organization's own address the default one again."""
    address = (
        BillingAddress.objects.select_for_update()
        .filter(organization_id=organization.pk, is_default=True)
        .first()
    )
    if address is not None:
        address.is_default = False
        address.save(update_fields=["is_default"])
        _audit("billing_address.default_cleared", address, actor, at)


def remove_address(*, address: BillingAddress, actor: Actor, at: datetime) -> None:
    """Remove a billing address. Invoices made out to it keep their copy.

    :raises AddressInUse: renewals are made out to it.
    """
    try:
        with transaction.atomic():
            organization = Organization.objects.select_for_update().get(pk=address.organization_id)
            address = _lock(address)
            _audit("billing_address.removed", address, actor, at)
            address.delete()
            forget_numbers(organization=organization)
    except ProtectedError as error:
        raise AddressInUse from error


def set_up_entity(*, code: str, **columns: Any) -> LegalEntity:
    """Write a company of the operator under its `code`; the operator's role alone may (BIL-5).

    What `columns` leave out stays. The first company sells by itself; one that is made the default takes the
    place of the one before. What has a number keeps the company as it was.

    :raises ValidationError: a column is missing, too long, or no country.
    :raises InvalidVatNumber: the number is none of the company's country.
    :raises PrefixTaken: another company numbers like that, or this one has numbers that begin otherwise.
    """
    companies = LegalEntity.objects.using("system")
    with transaction.atomic(using="system"):
        known = {company.code: company for company in companies.select_for_update().order_by("pk")}
        entity = known.pop(code, None) or LegalEntity(code=code)
        has_numbers = entity.pk is not None and _has_numbers(entity)
        prefix = entity.number_prefix
        for name, value in columns.items():
            setattr(entity, name, value)
        if entity.number_prefix != prefix and has_numbers:
            raise PrefixTaken
        if entity.number_prefix in {other.number_prefix for other in known.values()}:
            raise PrefixTaken
        entity.vat_number = check_vat_number(country=str(entity.country), number=entity.vat_number)
        entity.is_default = entity.is_default or not any(other.is_default for other in known.values())
        entity.clean_fields()
        if entity.is_default:
            companies.exclude(code=code).filter(is_default=True).update(is_default=False)
        entity.save(using="system")
    return entity


def _has_numbers(entity: LegalEntity) -> bool:
    # The series belong to a room above: its table is read here, its verbs are not known.
    series = apps.get_model("billing", "NumberSequence").objects.using("system")
    return bool(series.filter(legal_entity_id=entity.pk).exists())


def _lock(address: BillingAddress) -> BillingAddress:
    return BillingAddress.objects.select_for_update().get(
        organization_id=address.organization_id, pk=address.pk
    )


def _audit(name: str, address: BillingAddress, actor: Actor, at: datetime) -> None:
    record_audit(organization_id=address.organization_id, name=name, actor=actor, at=at, subject=address)
