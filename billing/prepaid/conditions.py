"""What the prepaid account means for an organization's end, and for its currency."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.ledger.models import Entry
from billing.prepaid.selectors import prepaid_balance
from manager.kit.errors import Text
from organizations.deletion.conditions import Condition
from organizations.profile.models import Organization


def no_prepaid_balance(organization_id: int, at: datetime) -> Condition:
    """Return whether the prepaid account is empty (ORG-14)."""
    balance = prepaid_balance(organization=Organization.objects.get(pk=organization_id))
    told = _("%(amount)s are on it. Use the balance for invoices, or write to us to have it paid out.")
    return Condition(
        code="no_prepaid_balance",
        label=_("The prepaid account is empty"),
        met=balance.amount == 0,
        detail=str(told) % {"amount": balance.format()} if balance.amount else _("Nothing is on it."),
        url=reverse("billing:prepaid", args=[organization_id]),
        action_label=_("Open the prepaid account"),
    )


def booked_before(organization_id: int) -> Text | None:
    """Return why the currency stays, once money was booked in it (ORG-4)."""
    if Entry.objects.filter(organization_id=organization_id).exists():
        return _("money was booked in it.")
    return None
