"""Mails: rendered and stored in the transaction of their cause, sent afterwards by a worker."""

import base64
import hashlib
import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.queue import claim, send_once

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
BATCH = 50

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    mime_type: str
    content: bytes

    def as_json(self) -> dict[str, str]:
        """Return the attachment as it is stored with the mail."""
        return {
            "name": self.name,
            "mime_type": self.mime_type,
            "content": base64.b64encode(self.content).decode(),
        }


def queue_mail(
    *,
    template: str,
    recipient: str,
    language: str,
    context: dict[str, Any],
    dedupe_key: str,
    organization_id: int,
    at: datetime,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Render `templates/emails/<template>/` in `language` and store the mail for sending.

    A second call with the same `dedupe_key` does nothing, so that handlers may be repeated.
    `organization_id` is 0 for mails about a person alone. Who has no address now (`recipient` is empty,
    ACC-13) gets none.
    """
    if not recipient:
        return
    values = {
        **context,
        "base_url": settings.PUBLIC_BASE_URL,
        "brand_name": settings.BRAND_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "language": language,
    }
    with translation.override(language):
        subject = " ".join(render_to_string(f"emails/{template}/subject.txt", values).split())
        text = render_to_string(f"emails/{template}/body.txt", values).strip() + "\n"
        html = _inliner.inline(render_to_string(f"emails/{template}/body.html", values))
    mail = OutgoingMail(
        dedupe_key=dedupe_key,
        organization_id=organization_id,
        recipient=recipient,
        language=language,
        template=template,
        subject=subject[:250],
        text=text,
        html=html,
        attachments=[attachment.as_json() for attachment in attachments],
        created_at=at,
        due_at=at,
    )
    with tenant_scope(organization_id), transaction.atomic():
        OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)


def drain_mails(*, at: datetime) -> int:
    """Send all mails due at `at`; return how many were sent."""
    sent = 0
    while mails := list(claim(OutgoingMail.objects.using("system"), size=BATCH, at=at)):
        with closing(get_connection()) as connection:
            sent += sum(send_once(mail, partial(_hand_over, mail, connection, at)) for mail in mails)
    return sent


def _hand_over(mail: OutgoingMail, connection: Any, at: datetime, mine: QuerySet[OutgoingMail]) -> bool:
    try:
        connection.open()  # does nothing where it is open
        _as_message(mail, connection).send()
    except Exception as error:  # noqa: BLE001  (whatever one mail raises must not stop the others)
        logger.warning("The mail %s could not be sent: %s", mail.pk, error)
        failed: dict[str, Any] = {
            "last_error": f"{type(error).__name__}: {error}"[:2000],
            "due_at": at + timedelta(seconds=30) * 2**mail.attempts,
        }
        if mail.attempts >= MAX_ATTEMPTS:
            failed["quarantined_at"] = at
        mine.update(**failed)
        return False
    return bool(mine.update(sent_at=at))


def _as_message(mail: OutgoingMail, connection: Any) -> EmailMultiAlternatives:
    """Return the message with an id of its own, the same at each try, so that receivers know it."""
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    message_id = f"<{hashlib.sha256(mail.dedupe_key.encode()).hexdigest()[:40]}@{host}>"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.recipient],
        connection=connection,
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
        },
    )
    message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        message.attach(attachment["name"], base64.b64decode(attachment["content"]), attachment["mime_type"])
    return message
