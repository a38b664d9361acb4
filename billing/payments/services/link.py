"""Signed links to one payment, for mails: they work without signing in and show only its sum (BIL-11)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.payments.models import PaymentAttempt, PaymentLink
from manager.kit.errors import NotFound
from manager.kit.tokens import hash_secret, make_secret

VALID_FOR = timedelta(days=30)


class LinkInvalid(NotFound):
    """The link is wrong or too old; nobody learns which."""

    message = _("This link does not work any more. Sign in to see what is to be paid.")


def make_payment_link(*, attempt: PaymentAttempt, at: datetime) -> str:
    """Return a new absolute link to the attempt, in the transaction of the mail that carries it."""
    secret = make_secret()
    PaymentLink.objects.create(
        organization_id=attempt.organization_id,
        attempt=attempt,
        secret_hash=hash_secret(secret),
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    return settings.PUBLIC_BASE_URL + reverse(
        "billing:payment_link", args=[f"{attempt.organization_id}-{secret}"]
    )


def find_by_link(*, organization_id: int, secret: str, at: datetime) -> PaymentAttempt:
    """Return the attempt of a link, in the scope of the organization that the link names.

    :raises LinkInvalid: there is none, or it has expired.
    """
    link = (
        PaymentLink.objects.select_related("attempt__organization", "attempt__invoice", "attempt__method")
        .filter(organization_id=organization_id, secret_hash=hash_secret(secret), expires_at__gt=at)
        .first()
    )
    if link is None:
        raise LinkInvalid
    return link.attempt
