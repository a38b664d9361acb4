"""REST operations on billing addresses (API-1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_countries import countries
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.profiles.models import BillingAddress
from billing.profiles.selectors import get_address, list_addresses
from billing.profiles.services import (
    AddressData,
    add_address,
    clear_default_address,
    edit_address,
    remove_address,
    set_default_address,
)
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.profile.models import Kind

PARTS = ("kind", "name", "street", "postal_code", "city", "vat_number")


class BillingAddressOutput(serializers.Serializer[Any]):
    """A billing address."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    name = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    vat_number = serializers.CharField()
    is_default = serializers.BooleanField()


def _line(length: int, **more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=length, validators=[refuse_control_characters], **more)


class BillingAddressInput(serializers.Serializer[Any]):
    """Who an invoice is made out to, and where; whether a postal code is needed says the country."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    name = _line(120)
    street = _line(120)
    postal_code = _line(16, required=False, allow_blank=True, default="")
    city = _line(80)
    country = serializers.CharField(min_length=2, max_length=2, help_text="ISO 3166, such as CH.")
    vat_number = _line(20, required=False, allow_blank=True, default="")

    def validate_country(self, value: str) -> str:
        """Know the country."""
        if value not in countries:
            raise serializers.ValidationError(_("This country is not known."))
        return value


class BillingAddressList(OrganizationAPIView):
    """The billing addresses of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "POST": "billing:write"}
    listing = Listing(orders={})

    @extend_schema(responses=BillingAddressOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the billing addresses, the default one first."""
        asked = self.listing.read(request.query_params)
        addresses = list(list_addresses(organization=request.organization))
        return answer_list(asked, addresses, BillingAddressOutput)

    @extend_schema(request=BillingAddressInput, responses={201: BillingAddressOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Add a billing address, at most 100; the default one stays what it was."""
        given = BillingAddressInput(data=request.data)
        given.is_valid(raise_exception=True)
        address = add_address(
            organization=request.organization,
            data=AddressData(**given.validated_data),
            actor=request.actor,
            at=request.at,
        )
        return success(BillingAddressOutput(address).data, code=status.HTTP_201_CREATED)


class BillingAddressDetail(OrganizationAPIView):
    """One billing address."""

    permissions = {
        "GET": Permission.BILLING_VIEW,
        "PATCH": Permission.BILLING_MANAGE,
        "DELETE": Permission.BILLING_MANAGE,
    }
    scopes = {"GET": "billing:read", "PATCH": "billing:write", "DELETE": "billing:write"}

    @extend_schema(responses=BillingAddressOutput)
    def get(self, request: OrganizationAPIRequest, address_id: int) -> Response:
        """Return one billing address."""
        address = get_address(organization=request.organization, address_id=address_id)
        return success(BillingAddressOutput(address).data)

    @extend_schema(request=BillingAddressInput, responses=BillingAddressOutput)
    def patch(self, request: OrganizationAPIRequest, address_id: int) -> Response:
        """Change a billing address; what is left out stays. Invoices keep whom they were made out to."""
        address = get_address(organization=request.organization, address_id=address_id)
        given = BillingAddressInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        data = AddressData(**(_parts_of(address) | given.validated_data))
        address = edit_address(address=address, data=data, actor=request.actor, at=request.at)
        return success(BillingAddressOutput(address).data)

    @extend_schema(responses={200: None})
    def delete(self, request: OrganizationAPIRequest, address_id: int) -> Response:
        """Remove a billing address that no renewal is made out to; invoices keep their copy."""
        address = get_address(organization=request.organization, address_id=address_id)
        remove_address(address=address, actor=request.actor, at=request.at)
        return success(None)


class BillingAddressDefault(OrganizationAPIView):
    """The address that invoices are made out to unless another one is chosen."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=None, responses={200: None})
    def post(self, request: OrganizationAPIRequest, address_id: int) -> Response:
        """Make a billing address the default one; 0 stands for the organization's own address."""
        if address_id:
            address = get_address(organization=request.organization, address_id=address_id)
            set_default_address(address=address, actor=request.actor, at=request.at)
        else:
            clear_default_address(organization=request.organization, actor=request.actor, at=request.at)
        return success(None)


def _parts_of(address: BillingAddress) -> dict[str, str]:
    return {name: getattr(address, name) for name in PARTS} | {"country": str(address.country)}
