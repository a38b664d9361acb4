"""REST operations on billing addresses (API-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.profiles.selectors import get_address, list_addresses
from manager.kit.api import success
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class BillingAddressOutput(serializers.Serializer[Any]):
    """A billing address."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    name = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    vat_number = serializers.CharField()
    is_default = serializers.BooleanField()


class BillingAddressList(OrganizationAPIView):
    """The billing addresses of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}
    listing = Listing(orders={})

    @extend_schema(responses=BillingAddressOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the billing addresses, the default one first."""
        asked = self.listing.read(request.query_params)
        addresses = list(list_addresses(organization=request.organization))
        return answer_list(asked, addresses, BillingAddressOutput)


class BillingAddressDetail(OrganizationAPIView):
    """One billing address."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses=BillingAddressOutput)
    def get(self, request: OrganizationAPIRequest, address_id: int) -> Response:
        """Return one billing address."""
        address = get_address(organization=request.organization, address_id=address_id)
        return success(BillingAddressOutput(address).data)
