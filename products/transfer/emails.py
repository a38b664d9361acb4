"""The mails about offers and transfers."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from organizations.members.emails import mail_contact
from organizations.members.selectors import list_representatives
from organizations.profile.models import Organization
from products.transfer.models import Transfer
from products.transfer.secrets import transfer_key


def mail_offer(*, transfer: Transfer, recipient: Organization, dedupe_key: str, at: datetime) -> None:
    """Mail the link to the legal representatives of the chosen organization; in its scope."""
    facts = {
        "product": transfer.product_name,
        "other": transfer.organization.name,
        "offered_by": transfer.offered_by.name,
        "expires_at": transfer.expires_at,
        "path": reverse("products:transfer_offer", args=[transfer_key(transfer)]),
    }
    mail_news(what="offered", facts=facts, organization=recipient, dedupe_key=dedupe_key, at=at)


def mail_news(
    *, what: str, facts: dict[str, Any], organization: Organization, dedupe_key: str, at: datetime
) -> None:
    """Tell the legal representatives what happened: `offered`, `given`, `received` or `refused`.

    In the scope of their organization.
    """
    for contact in list_representatives(organization_id=organization.pk):
        mail_contact(
            template="product_transfer",
            organization=organization,
            contact=contact,
            facts={**facts, "what": what},
            dedupe_key=dedupe_key,
            at=at,
        )
