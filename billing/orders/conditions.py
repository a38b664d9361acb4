"""What pending orders mean for an organization's end."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.orders.models import Order
from billing.orders.status import OrderStatus
from organizations.deletion.conditions import Condition


def no_pending_order(organization_id: int, at: datetime) -> Condition:
    """Return whether every order is paid, not held, or cancelled (ORG-14)."""
    waiting = (OrderStatus.PENDING, OrderStatus.HELD)
    count = Order.objects.filter(organization_id=organization_id, status__in=waiting).count()
    told = ngettext("%(count)d order is pending.", "%(count)d orders are pending.", count)
    return Condition(
        code="no_pending_order",
        label=_("No order is pending"),
        met=count == 0,
        detail=told % {"count": count} if count else _("No order waits for its payment."),
        url=reverse("billing:orders", args=[organization_id]),
        action_label=_("Pay, or cancel"),
    )
