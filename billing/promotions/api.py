"""REST operations on an organization's promotions (API-1, BIL-13)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.promotions.models import CodeUse, FreeCredit
from billing.promotions.selectors import CREDIT_STATES, list_credits, list_use_page, state_of_credit
from manager.kit.api import success
from manager.kit.clock import day_in
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

SHOWN = 100


class FreeCreditOutput(serializers.Serializer[FreeCredit]):
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


class PromotionsOutput(serializers.Serializer[Any]):
    """The newest hundred free credits, and one page of the codes that were used, newest first."""

    free_credits = FreeCreditOutput(many=True)
    codes = CodeUseOutput(many=True)


class PromotionsQuery(serializers.Serializer[Any]):
    """Where the page of codes begins."""

    after = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)
    before = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class Promotions(OrganizationAPIView):
    """The promotions of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(parameters=[PromotionsQuery], responses=PromotionsOutput)
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List free credits and used codes; `next` and `previous` are cursors for `after` and `before`."""
        query = PromotionsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = list_use_page(organization=request.organization, **query.validated_data)
        today = day_in(request.organization.time_zone, request.at)
        granted = list(list_credits(organization_id=request.organization.pk)[:SHOWN])
        for credit in granted:
            credit.state = state_of_credit(credit, on=today)  # type: ignore[attr-defined]  # as the output names it
        data = PromotionsOutput({"free_credits": granted, "codes": page.rows}).data
        return success(data, next=page.next or None, previous=page.previous or None)
