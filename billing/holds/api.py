"""REST operation on a held order: send the check again (API-1, PRD-5)."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from billing.holds.selectors import get_hold_of
from billing.holds.services import ask_again
from billing.orders.api import OrderOutput
from billing.orders.selectors import get_order
from manager.kit.api import success
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class OrderCheckSend(OrganizationAPIView):
    """Send the identity check of a held order again."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=None, responses=OrderOutput)
    def post(self, request: OrganizationAPIRequest, order_id: int) -> Response:
        """Mail the person who ordered again, at most every ten minutes."""
        order = get_order(organization=request.organization, order_id=order_id)
        ask_again(hold=get_hold_of(order=order), actor=request.actor, at=request.at)
        return success(OrderOutput(get_order(organization=request.organization, order_id=order_id)).data)
