"""The mail about a change of an offer that is carried out."""

from django.urls import reverse

from billing.changes.models import ChangeQuote
from billing.changes.page import describe_change, period_from, starts_on
from billing.receivers.mailing import mail_billing
from manager.outbox.models import OutboxEvent


def mail_applied(*, event: OutboxEvent, change: ChangeQuote) -> None:
    """Tell the billing contacts what changed, from when, and what was paid or credited (PRD-14)."""

    def worded() -> dict[str, object]:
        before, after = describe_change(change)
        return {"before": before, "after": after}

    mail_billing(
        template="change_applied",
        organization=change.organization,
        message=None,
        key=event.id,
        context={
            "change": change,
            "product": change.product,
            "starts_on": starts_on(change),
            "period_from": period_from(change),
            "path": reverse("products:product", args=[change.organization_id, change.product_id]),
        },
        worded=worded,
        at=event.created_at,
    )
