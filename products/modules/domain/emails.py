"""The mails about domains: other name servers, an auth code."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from organizations.members.emails import mail_contact
from organizations.members.selectors import list_administrators
from products.modules.domain.models import Domain


def mail_administrators(
    *,
    template: str,
    domain: Domain,
    page: str,
    facts: dict[str, Any],
    dedupe_key: str,
    at: datetime,
    without: int | None = None,
) -> None:
    """Tell all administrators of the organization, but for one, what was done with their domain."""
    path = reverse(page, args=[domain.organization_id, domain.product_id])
    for contact in list_administrators(organization_id=domain.organization_id):
        if contact.user_id != without:
            mail_contact(
                template=template,
                organization=domain.organization,
                contact=contact,
                facts={"domain": domain.readable_name, "path": path, **facts},
                dedupe_key=dedupe_key,
                at=at,
            )
