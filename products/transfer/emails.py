"""The mails about offers and transfers."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from manager.outbox.mails import queue_mail
from organizations.members.selectors import list_representatives
from products.transfer.models import Transfer
from products.transfer.secrets import transfer_key


def mail_offer(*, transfer: Transfer, recipient_id: int, dedupe_key: str, at: datetime) -> None:
    """Mail the link to the legal representatives of the chosen organization; in its scope."""
    facts = {
        "product": transfer.product_name,
        "other": transfer.organization.name,
        "organization": transfer.recipient_name,
        "offered_by": transfer.offered_by.name,
        "expires_at": transfer.expires_at,
        "path": reverse("products:transfer_offer", args=[transfer_key(transfer)]),
    }
    _mail("offered", facts, organization_id=recipient_id, dedupe_key=dedupe_key, at=at)


def mail_outcome(
    *, what: str, facts: dict[str, Any], organization_id: int, dedupe_key: str, at: datetime
) -> None:
    """Tell the legal representatives what came of it: `given`, `received` or `refused`; in their scope."""
    _mail(what, facts, organization_id=organization_id, dedupe_key=dedupe_key, at=at)


def _mail(what: str, facts: dict[str, Any], *, organization_id: int, dedupe_key: str, at: datetime) -> None:
    for contact in list_representatives(organization_id=organization_id):
        queue_mail(
            template="product_transfer",
            recipient=contact.email,
            language=contact.language,
            context={**facts, "what": what, "name": contact.name},
            dedupe_key=f"{dedupe_key}:{contact.user_id}",
            organization_id=organization_id,
            at=at,
        )
