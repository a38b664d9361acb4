"""REST operations on figures (API-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.figures.forecast import Forecast, MonthAhead, read_forecast
from billing.figures.months import SPANS
from billing.figures.spend import Cell, Spend, read_spend
from manager.kit.api import success
from manager.kit.clock import day_in
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class SpendInput(serializers.Serializer[Any]):
    """How many months back, and in which currency (else the organization's)."""

    months = serializers.ChoiceField(choices=SPANS, required=False, default=SPANS[0])
    currency = serializers.RegexField(r"\A[A-Z]{3}\Z", required=False, default="")


class SpendCellOutput(serializers.Serializer[Cell]):
    """What a family came to in a month, credit notes taken off; `family` is empty for other things."""

    month = serializers.DateField()
    family = serializers.CharField()
    net_amount = MoneyField(source="spent.net")
    tax_amount = MoneyField(source="spent.tax")
    total_amount = MoneyField(source="spent.total")


class SpendOutput(serializers.Serializer[Spend]):
    """Spending of one currency; `currencies` are all in which something was billed."""

    currencies = serializers.ListField(child=serializers.CharField())
    net_amount = MoneyField(source="whole.net")
    total_amount = MoneyField(source="whole.total")
    cells = SpendCellOutput(many=True)


class MonthAheadOutput(serializers.Serializer[MonthAhead]):
    """The renewals of a month, without VAT."""

    month = serializers.DateField()
    renewals = serializers.IntegerField(source="count")
    automatic_amount = MoneyField(source="automatic")
    by_hand_amount = MoneyField(source="by_hand")
    net_amount = MoneyField(source="net")


class ForecastOutput(serializers.Serializer[Forecast]):
    """The twelve months ahead; `unpriced` counts renewals of offers that are not sold any more."""

    net_amount = MoneyField(source="net")
    unpriced = serializers.IntegerField()
    months = MonthAheadOutput(many=True)


class SpendFigures(OrganizationAPIView):
    """What an organization spent."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(parameters=[SpendInput], responses=SpendOutput)
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Return what was billed per month and family, credit notes taken off."""
        asked = SpendInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        today = day_in(request.organization.time_zone, request.at)
        spend = read_spend(organization=request.organization, today=today, **asked.validated_data)
        return success(SpendOutput(spend).data)


class ForecastFigures(OrganizationAPIView):
    """What an organization's renewals will cost."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses=ForecastOutput)
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Return the cost of the renewals of the next twelve months, by the day of each."""
        today = day_in(request.organization.time_zone, request.at)
        return success(ForecastOutput(read_forecast(organization=request.organization, today=today)).data)
