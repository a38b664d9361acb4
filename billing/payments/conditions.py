"""What a payment under way means for an organization's end."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.payments.models import PaymentAttempt
from billing.payments.status import OPEN
from organizations.deletion.conditions import Condition


def no_open_payment(organization_id: int, at: datetime) -> Condition:
    """Return whether no payment is being carried out: its money would have nowhere to go."""
    is_open = PaymentAttempt.objects.filter(organization_id=organization_id, status__in=OPEN).exists()
    return Condition(
        code="no_open_payment",
        label=_("No payment is under way"),
        met=not is_open,
        detail=_("A payment is not finished yet. Finish or cancel it.") if is_open else _("None is open."),
        url=reverse("billing:invoices", args=[organization_id]),
        action_label=_("Open the invoices"),
    )
