"""What a withdrawal on its way means for an organization's end."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.withdrawals.models import Withdrawal
from billing.withdrawals.status import OPEN
from organizations.deletion.conditions import Condition


def no_open_withdrawal(organization_id: int, at: datetime) -> Condition:
    """Return whether no money is being paid out: it could still come back (ORG-14)."""
    is_open = Withdrawal.objects.filter(organization_id=organization_id, status__in=sorted(OPEN)).exists()
    return Condition(
        code="no_open_withdrawal",
        label=_("No withdrawal is on its way"),
        met=not is_open,
        detail=_("Money is being paid out. Wait until it is there.") if is_open else _("None is open."),
        url=reverse("billing:withdrawals", args=[organization_id]),
        action_label=_("Open the withdrawals"),
    )
