"""REST operations of the shop for everybody (API-1, PRD-3)."""

import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens.api import PublicAPIView
from billing.orders.domain_check import MOST_NAMES, DomainOffer, check_domain_names
from billing.storefront.page import today_of
from manager.kit.api import success
from manager.kit.clock import now
from manager.kit.fields import CURRENCIES, refuse_control_characters
from manager.kit.money_field import MoneyField


class DomainNamesQuery(serializers.Serializer[Any]):
    """Which domain names: up to ten with commas between, with or without an extension; and a currency."""

    names = serializers.CharField(max_length=2000, validators=[refuse_control_characters])
    currency = serializers.ChoiceField(choices=CURRENCIES, default=CURRENCIES[0][0])

    def validate_names(self, value: str) -> list[str]:
        """Return the names, each once."""
        names = list(dict.fromkeys(name for name in re.split(r"[\s,;]+", value) if name))
        if not 1 <= len(names) <= MOST_NAMES:
            raise serializers.ValidationError(_("Please check at most ten names at once."))
        return names


class DomainOfferOutput(serializers.Serializer[DomainOffer]):
    """A domain name with the plan that registers it. Amounts without VAT."""

    name = serializers.CharField()
    plan = serializers.CharField(source="plan.slug")
    is_free = serializers.BooleanField()
    months = serializers.IntegerField()
    amount = MoneyField(source="price")
    later_amount = MoneyField(source="later", allow_null=True)


class CheckedNameOutput(serializers.Serializer[Any]):
    """What was asked, why it is no name to register ("" if it is one), and what can be had."""

    asked = serializers.CharField(source="typed")
    problem = serializers.CharField()
    offers = DomainOfferOutput(many=True)


class PublicDomainNames(PublicAPIView):
    """Whether domain names are free here: the same for all, without a token."""

    @extend_schema(
        parameters=[DomainNamesQuery], responses=CheckedNameOutput(many=True), auth=[], tags=["catalogue"]
    )
    def get(self, request: Request) -> Response:
        """Check domain names in all extensions that are sold; whose a taken one is, is not told."""
        given = DomainNamesQuery(data=request.query_params)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        found = check_domain_names(names=asked["names"], currency=asked["currency"], on=today_of(now()))
        return success(CheckedNameOutput(found, many=True).data)
