"""The vocabulary of mails to a person that he or she may do without; all others always come."""

from django.db import models

from accounts.users.models import User


class OptionalMail(models.TextChoices):
    """An optional mail, as it stands in the person's preferences."""

    TOKEN_EXPIRY = "token_expiry"  # noqa: S105  (a kind of mail, not a secret)
    ACCESS_REQUESTS = "access_requests"
    ACCESS_ANSWERS = "access_answers"


def wants_mail(user: User, kind: OptionalMail) -> bool:
    """Return whether the person gets this optional mail (ACC-14)."""
    return kind not in user.muted_mails
