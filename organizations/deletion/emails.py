"""The mail to who has deleted an organization."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from manager.outbox.mails import queue_mail


def mail_deleted(*, facts: dict[str, Any], organization_id: int, dedupe_key: str, at: datetime) -> None:
    """Confirm to the person that the organization is deleted, and say what stays by law."""
    queue_mail(
        template="organization_deleted",
        recipient=facts["recipient"],
        language=facts["language"],
        context={
            "name": facts["person"],
            "organization": facts["name"],
            "mail_invoices": facts["mail_invoices"],
            "path": reverse("organizations:mine"),
        },
        dedupe_key=dedupe_key,
        organization_id=organization_id,
        at=at,
    )
