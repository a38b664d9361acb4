"""REST operations on withdrawals (API-1, BIL-7).

Asking for one takes a fresh proof of the person, which a token cannot give: it is done in the panel.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.selectors import get_withdrawal, list_withdrawals
from billing.withdrawals.services import cancel_withdrawal
from billing.withdrawals.status import WithdrawalStatus
from manager.kit.api import success
from manager.kit.listing import Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class WithdrawalOutput(serializers.Serializer[Any]):
    """One withdrawal. The middle of the account is left out."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=WithdrawalStatus.choices)
    means = serializers.ChoiceField(choices=PayoutMeans.choices)
    holder = serializers.CharField()
    destination = serializers.CharField(source="destination_hidden")
    amount = MoneyField()
    reason = serializers.CharField(source="reason_text")
    requested_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class WithdrawalList(OrganizationAPIView):
    """The withdrawals of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}
    listing = Listing(descending=True)

    @extend_schema(responses=WithdrawalOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the withdrawals, newest first; asking for one is done in the panel, after a fresh proof."""
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_withdrawals(organization=request.organization), WithdrawalOutput)


class WithdrawalDetail(OrganizationAPIView):
    """One withdrawal."""

    permissions = {"GET": Permission.BILLING_VIEW, "DELETE": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "DELETE": "billing:write"}

    @extend_schema(responses=WithdrawalOutput)
    def get(self, request: OrganizationAPIRequest, withdrawal_id: int) -> Response:
        """Show where a withdrawal stands."""
        row = get_withdrawal(organization=request.organization, withdrawal_id=withdrawal_id)
        return success(WithdrawalOutput(row).data)

    @extend_schema(responses=WithdrawalOutput)
    def delete(self, request: OrganizationAPIRequest, withdrawal_id: int) -> Response:
        """Take a request back that is not approved yet; the money is on the account again."""
        row = get_withdrawal(organization=request.organization, withdrawal_id=withdrawal_id)
        done = cancel_withdrawal(withdrawal=row, actor=request.actor, at=request.at)
        return success(WithdrawalOutput(done).data)
