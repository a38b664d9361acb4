"""REST operations on the catalogue (API-1, PRD-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.clock import day_in
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.catalog.models import Family, Plan, Price
from products.catalog.selectors import list_families, list_plans, list_prices


class PriceOutput(serializers.Serializer[Price]):
    """What one unit costs for the whole period, without VAT, in minor units."""

    months = serializers.IntegerField()
    amount = serializers.IntegerField()
    currency = serializers.CharField()


class OfferedPlanOutput(serializers.Serializer[Any]):
    """A plan that can be ordered in the organization's currency."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    features = serializers.ListField(child=serializers.CharField(), source="feature_list")
    needs_domain_name = serializers.BooleanField()
    prices = serializers.SerializerMethodField()

    @extend_schema(responses=PriceOutput(many=True))
    def get_prices(self, plan: Plan) -> list[dict[str, Any]]:
        """Return the prices by period, the shortest first."""
        return list(PriceOutput(self.context["prices"][plan.pk].values(), many=True).data)


class FamilyOutput(serializers.Serializer[Any]):
    """A family with its plans."""

    slug = serializers.CharField()
    name = serializers.CharField()
    plans = serializers.SerializerMethodField()

    @extend_schema(responses=OfferedPlanOutput(many=True))
    def get_plans(self, family: Family) -> list[dict[str, Any]]:
        """Return the plans that have a price today, in the order of the shop."""
        plans = [plan for plan in self.context["plans"] if plan.family_id == family.pk]
        return list(OfferedPlanOutput(plans, many=True, context=self.context).data)


class Catalogue(OrganizationAPIView):
    """What an organization can order."""

    permissions = {"GET": Permission.PRODUCTS_VIEW}
    scopes = {"GET": "products:read"}

    @extend_schema(responses=FamilyOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the families with their plans and today's prices in the organization's currency."""
        organization = request.organization
        today = day_in(organization.time_zone, request.at)
        plans = list(list_plans())
        prices = list_prices(plans=plans, currency=organization.currency, on=today)
        context = {"plans": [plan for plan in plans if prices.get(plan.pk)], "prices": prices}
        return success(FamilyOutput(list_families(), many=True, context=context).data)
