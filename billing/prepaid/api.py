"""REST operations on the prepaid account (BIL-7, API-1)."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.payment_methods.selectors import get_method
from billing.prepaid.automatic import Wish, change_settings, get_settings
from billing.prepaid.forms import known_day
from billing.prepaid.kinds import KINDS
from billing.prepaid.listed import describe_movement, take_movements
from billing.prepaid.models import PrepaidSettings
from billing.prepaid.selectors import Wanted, prepaid_balance, select_entries
from billing.prepaid.statement import PeriodInvalid, render_statement
from manager.kit.api import success
from manager.kit.listing import DayField, Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

SUMS = ("notice_below", "auto_below", "auto_amount")


def _sum() -> MoneyField:
    """Return a field of a sum that may be left out."""
    return MoneyField(required=False, allow_null=True, default=None, minimum=1, maximum=10**9)


class MovementOutput(serializers.Serializer[Any]):
    """One movement; `amount` is above zero when it came in; `balance` is what was there then."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    text = serializers.CharField()
    amount = MoneyField()
    balance = MoneyField()
    invoice_id = serializers.IntegerField(allow_null=True)


class AccountOutput(serializers.Serializer[Any]):
    """What is on the prepaid account."""

    balance = MoneyField()


class MovementFilters(serializers.Serializer[Any]):
    """What the movements can be filtered by: a kind, and days of the organization, both ends included."""

    kind = serializers.ChoiceField(choices=sorted(KINDS), required=False, default="")
    first = DayField(required=False, default=None)
    last = DayField(required=False, default=None)


class PrepaidAccount(OrganizationAPIView):
    """The prepaid account of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses=AccountOutput)
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Show the balance."""
        return success(AccountOutput({"balance": prepaid_balance(organization=request.organization)}).data)


class PrepaidMovements(OrganizationAPIView):
    """The movements of the prepaid account."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}
    listing = Listing(descending=True, filters=MovementFilters)

    @extend_schema(responses=MovementOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the movements, newest first, each with the balance after it."""
        asked = self.listing.read(request.query_params)
        wanted = Wanted(**asked.criteria)
        entries = select_entries(organization=request.organization, wanted=wanted)
        currency = request.organization.currency
        return answer_list(
            asked,
            entries,
            lambda rows: [describe_movement(row, currency) for row in rows],
            take=take_movements(organization=request.organization, wanted=wanted),
        )


class PeriodInput(serializers.Serializer[Any]):
    """The days of a statement, both ends included."""

    first = serializers.DateField()
    last = serializers.DateField()


class PrepaidStatement(OrganizationAPIView):
    """The statement of the prepaid account."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(parameters=[PeriodInput], responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: OrganizationAPIRequest) -> HttpResponse:
        """Download the statement of a period of at most one year as PDF."""
        query = PeriodInput(data=request.query_params)
        query.is_valid(raise_exception=True)
        first, last = (known_day(query.validated_data[name]) for name in ("first", "last"))
        if first is None or last is None:
            raise PeriodInvalid(_("Please choose a day from 2000 on."))
        content = render_statement(organization=request.organization, first=first, last=last, at=request.at)
        return HttpResponse(content, content_type="application/pdf")


class SettingsOutput(serializers.Serializer[PrepaidSettings]):
    """Thresholds; null is off. `stopped_at`: switched off after three refusals.

    `pays_renewals`: renewals take what is on the account first, and the rest from their means.
    """

    notice_below = MoneyField(allow_null=True)
    auto_below = MoneyField(allow_null=True)
    auto_amount = MoneyField(allow_null=True)
    auto_method = serializers.IntegerField(source="auto_method_id", allow_null=True)
    pays_renewals = serializers.BooleanField()
    stopped_at = serializers.DateTimeField(allow_null=True)


class SettingsInput(serializers.Serializer[Any]):
    """All are set at once; what is left out or null is off."""

    notice_below = _sum()
    auto_below = _sum()
    auto_amount = _sum()
    auto_method = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1
    )
    pays_renewals = serializers.BooleanField(required=False, default=False)


class PrepaidWishes(OrganizationAPIView):
    """The notice of a low balance, and the top-up that happens by itself."""

    permissions = {"GET": Permission.BILLING_VIEW, "PUT": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "PUT": "billing:write"}

    @extend_schema(responses=SettingsOutput)
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Show the thresholds of the prepaid account."""
        return self._answer(request, get_settings(organization=request.organization))

    @extend_schema(request=SettingsInput, responses=SettingsOutput)
    def put(self, request: OrganizationAPIRequest) -> Response:
        """Set the thresholds of the prepaid account."""
        given = SettingsInput(data=request.data, context={"currency": request.organization.currency})
        given.is_valid(raise_exception=True)
        data = given.validated_data
        sums = {name: data[name] and data[name].amount for name in SUMS}
        method = data["auto_method"]
        wish = Wish(
            **sums,
            auto_method=get_method(organization=request.organization, method_id=method) if method else None,
            pays_renewals=data["pays_renewals"],
        )
        row = change_settings(
            organization=request.organization, wish=wish, actor=request.actor, at=request.at
        )
        return self._answer(request, row)

    def _answer(self, request: OrganizationAPIRequest, row: PrepaidSettings) -> Response:
        return success(SettingsOutput(row, context={"currency": request.organization.currency}).data)
