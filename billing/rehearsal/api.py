"""REST operations on the charges that will fail (BIL-11, API-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.rehearsal.reasons import Reason
from billing.rehearsal.selectors import list_findings
from billing.rehearsal.services import rehearse
from manager.kit.api import success
from manager.kit.listing import Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

MOST = 1000


class FindingOutput(serializers.Serializer[Any]):
    """A charge that will fail. Without a product it concerns all charges; `amount` with VAT, if known."""

    reason = serializers.ChoiceField(choices=Reason.choices)
    product_id = serializers.IntegerField(allow_null=True)
    payment_method_id = serializers.IntegerField(source="method_id", allow_null=True)
    charge_on = serializers.DateField(allow_null=True)
    amount = MoneyField(allow_null=True)
    found_at = serializers.DateTimeField()


class FindingList(OrganizationAPIView):
    """What the latest rehearsal found."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "POST": "billing:write"}
    listing = Listing(orders={})

    @extend_schema(responses=FindingOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the charges of the coming 60 days that will fail, the soonest first, at most 1,000."""
        asked = self.listing.read(request.query_params)
        rows = list(list_findings(organization=request.organization)[:MOST])
        return answer_list(asked, rows, FindingOutput)

    @extend_schema(request=None, responses=FindingOutput(many=True))
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Look again now, and list what was found."""
        rehearse(organization=request.organization, at=request.at)
        rows = list_findings(organization=request.organization)[:MOST]
        return success(FindingOutput(rows, many=True).data)
