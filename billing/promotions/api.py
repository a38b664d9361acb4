"""REST operations on an organization's promotions (API-1, BIL-13)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.promotions.models import CodeUse, FreeCredit
from billing.promotions.selectors import CREDIT_STATES, list_credits, list_uses, state_of_credit
from manager.kit.clock import day_in
from manager.kit.listing import Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class FreeCreditOutput(serializers.Serializer[Any]):
    """A free credit: `amount`, or `months`, of one unit of the plan."""

    id = serializers.IntegerField()
    plan = serializers.CharField(source="plan.slug")
    amount = MoneyField(allow_null=True)
    months = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(choices=list(CREDIT_STATES.items()))
    invoice_id = serializers.IntegerField(allow_null=True)


class CodeUseOutput(serializers.Serializer[CodeUse]):
    """A code that an order used; `amount` is what it took off, without VAT."""

    id = serializers.IntegerField()
    code = serializers.CharField(source="code.code")
    amount = MoneyField()
    invoice_id = serializers.IntegerField()
    used_at = serializers.DateTimeField()
    given_back_at = serializers.DateTimeField(allow_null=True)


class FreeCredits(OrganizationAPIView):
    """The free credits of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}
    listing = Listing(descending=True)

    @extend_schema(responses=FreeCreditOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the free credits, newest first."""
        today = day_in(request.organization.time_zone, request.at)

        def write(rows: list[FreeCredit]) -> Any:
            for credit in rows:
                credit.state = state_of_credit(credit, on=today)  # type: ignore[attr-defined]  # as the output names it
            return FreeCreditOutput(rows, many=True).data

        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_credits(organization_id=request.organization.pk), write)


class UsedCodes(OrganizationAPIView):
    """The codes that an organization used."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}
    listing = Listing(descending=True)

    @extend_schema(responses=CodeUseOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the codes that orders used, newest first."""
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_uses(organization_id=request.organization.pk), CodeUseOutput)
