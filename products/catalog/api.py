"""REST operations on the catalogue (API-1, PRD-1)."""

from datetime import date
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens.api import PublicAPIView
from manager.kit.clock import day_in, now
from manager.kit.fields import CURRENCIES
from manager.kit.listing import Asked, Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.catalog.models import Family, Plan, Purpose
from products.catalog.price_book import read_price_book
from products.catalog.pricing import BookedOption
from products.catalog.selectors import list_plans
from products.catalog.setup import OfferedChoice, offered_choices


class CatalogueFilters(serializers.Serializer[Any]):
    """Which part of the catalogue: a family, a kind of plans."""

    family = serializers.SlugField(required=False, max_length=50, default="")
    kind = serializers.SlugField(required=False, max_length=50, default="")


class PublicCatalogueFilters(CatalogueFilters):
    """The same, and a currency."""

    currency = serializers.ChoiceField(choices=CURRENCIES, default=CURRENCIES[0][0], required=False)


class PriceOutput(serializers.Serializer[Any]):
    """What one unit costs for the whole period, without VAT."""

    months = serializers.IntegerField()
    amount = MoneyField()


class OptionPriceOutput(serializers.Serializer[Any]):
    """What one step of an option costs for the whole period, without VAT."""

    months = serializers.IntegerField()
    amount = MoneyField()


class OptionOutput(serializers.Serializer[BookedOption]):
    """Something to add to a product of the plan: a switch (0 or 1), or a number of units in steps."""

    slug = serializers.CharField(source="option.slug")
    kind = serializers.CharField(source="option.kind")
    name = serializers.CharField(source="option.name")
    description = serializers.CharField(source="option.description")
    unit = serializers.CharField(source="option.unit_name")
    included = serializers.IntegerField(source="option.included")
    minimum = serializers.IntegerField(source="option.minimum")
    maximum = serializers.IntegerField(source="option.maximum")
    step = serializers.IntegerField(source="option.step")
    prices = serializers.SerializerMethodField()

    @extend_schema_field(OptionPriceOutput(many=True))
    def get_prices(self, booked: BookedOption) -> list[dict[str, Any]]:
        """Return the prices of one step by period, the shortest first."""
        return list(OptionPriceOutput(list(booked.prices.values()), many=True).data)


class SetupChoiceOutput(serializers.Serializer[Any]):
    """What is chosen before the first setting up, such as the system of a server: `setup` of an order."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not its own label
    answers = serializers.SerializerMethodField()

    def get_answers(self, choice: OfferedChoice) -> dict[str, str]:
        """Return the labels by what to send; the first one is taken where nothing is sent."""
        return dict(choice.answers)


class OfferedPlanOutput(serializers.Serializer[Any]):
    """A plan that can be ordered, with its terms, in one currency."""

    slug = serializers.CharField()
    kind = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    features = serializers.ListField(child=serializers.CharField(), source="feature_list")
    needs_domain_name = serializers.BooleanField()
    extension = serializers.CharField()
    grace_days = serializers.IntegerField()
    redemption_days = serializers.IntegerField()
    trial_months = serializers.IntegerField()
    cooling_off_days = serializers.IntegerField()
    prices = serializers.SerializerMethodField()
    first_period_prices = serializers.SerializerMethodField()
    restore_fee = serializers.SerializerMethodField()
    options = serializers.SerializerMethodField()
    setup = serializers.SerializerMethodField()

    @extend_schema_field(PriceOutput(many=True))
    def get_prices(self, plan: Plan) -> list[dict[str, Any]]:
        """Return the prices by period, the shortest first."""
        return list(PriceOutput(self.context["book"].prices_of(plan).values(), many=True).data)

    @extend_schema_field(PriceOutput(many=True))
    def get_first_period_prices(self, plan: Plan) -> list[dict[str, Any]]:
        """Return what the first period costs, where it has a price of its own."""
        found = self.context["book"].plans.get((plan.pk, Purpose.REGISTER), {})
        return list(PriceOutput([found[months] for months in sorted(found)], many=True).data)

    @extend_schema_field(MoneyField(allow_null=True))
    def get_restore_fee(self, plan: Plan) -> dict[str, Any] | None:
        """Return the fee for restoring an expired domain; null where there is none."""
        fee = self.context["book"].plans.get((plan.pk, Purpose.RESTORE), {}).get(0)
        return fee.money.as_dict() if fee else None

    @extend_schema_field(OptionOutput(many=True))
    def get_options(self, plan: Plan) -> list[dict[str, Any]]:
        """Return the options in the order of the shop."""
        return list(OptionOutput(self.context["book"].sold_options(plan), many=True).data)

    @extend_schema_field(SetupChoiceOutput(many=True))
    def get_setup(self, plan: Plan) -> list[dict[str, Any]]:
        """Return what can be chosen before it is set up."""
        slugs = {booked.option.slug for booked in self.context["book"].sold_options(plan)}
        return list(SetupChoiceOutput(offered_choices(kind=plan.kind, options=slugs), many=True).data)


class FamilyOutput(serializers.Serializer[Any]):
    """A family with its plans."""

    slug = serializers.CharField()
    name = serializers.CharField()
    plans = serializers.SerializerMethodField()

    @extend_schema_field(OfferedPlanOutput(many=True))
    def get_plans(self, family: Family) -> list[dict[str, Any]]:
        """Return the plans that have a price today, in the order of the shop."""
        plans = [plan for plan in self.context["plans"] if plan.family_id == family.pk]
        return list(OfferedPlanOutput(plans, many=True, context=self.context).data)


class Catalogue(OrganizationAPIView):
    """What an organization can order."""

    permissions = {"GET": Permission.PRODUCTS_VIEW}
    scopes = {"GET": "products:read"}
    listing = Listing(orders={}, filters=CatalogueFilters, searched=True)

    @extend_schema(responses=FamilyOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the families with their plans and today's prices in the organization's currency."""
        organization = request.organization
        asked = self.listing.read(request.query_params)
        today = day_in(organization.time_zone, request.at)
        return _answer(asked, currency=organization.currency, on=today)


class PublicCatalogue(PublicAPIView):
    """What everybody can order: the same for all, without a token."""

    listing = Listing(orders={}, filters=PublicCatalogueFilters, searched=True)

    @extend_schema(responses=FamilyOutput(many=True), auth=[], tags=["catalogue"])
    def get(self, request: Request) -> Response:
        """List the families with their plans, options and today's prices in one currency."""
        asked = self.listing.read(request.query_params)
        today = day_in(settings.TIME_ZONE, now())
        return _answer(asked, currency=asked.criteria["currency"], on=today)


def _answer(asked: Asked, *, currency: str, on: date) -> Response:
    """Answer with the families that hold something; two queries, however many plans there are."""
    plans = [plan for plan in list_plans() if _is_wanted(plan, asked.criteria)]
    book = read_price_book(plans=plans, currency=currency, on=on)
    sold = [plan for plan in plans if book.prices_of(plan)]
    context = {"plans": sold, "book": book}
    families = list({plan.family_id: plan.family for plan in sold}.values())
    return answer_list(asked, families, lambda rows: FamilyOutput(rows, many=True, context=context).data)


def _is_wanted(plan: Plan, given: dict[str, Any]) -> bool:
    words = f"{plan.slug} {' '.join(plan.names.values())}".lower()
    return (
        (given["family"] or plan.family.slug) == plan.family.slug
        and (given["kind"] or plan.kind) == plan.kind
        and all(word in words for word in given["search"].lower().split())
    )
