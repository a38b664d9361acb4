"""REST operations on the prepaid account (BIL-7, API-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.prepaid.selectors import Movement, list_prepaid_movements, prepaid_balance
from manager.kit.api import success
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class MovementOutput(serializers.Serializer[Movement]):
    """One movement; `amount` in minor units, positive when it came in."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    text = serializers.CharField()
    amount = serializers.IntegerField(source="money.amount")
    invoice_id = serializers.IntegerField(allow_null=True)


class AccountOutput(serializers.Serializer[Any]):
    """The balance in minor units, and one page of movements, newest first."""

    balance = serializers.IntegerField()
    currency = serializers.CharField()
    movements = MovementOutput(many=True)


class PageInput(serializers.Serializer[Any]):
    """Where the page begins."""

    after = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class PrepaidAccount(OrganizationAPIView):
    """The prepaid account of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(parameters=[PageInput], responses=AccountOutput)
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Show the balance and the movements; `next` is the cursor for `after`."""
        query = PageInput(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = list_prepaid_movements(
            organization=request.organization, after=query.validated_data.get("after")
        )
        balance = prepaid_balance(organization=request.organization)
        data = {"balance": balance.amount, "currency": balance.currency, "movements": page.movements}
        return success(AccountOutput(data).data, next=page.next_cursor)
