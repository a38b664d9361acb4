"""What a token can be, and why it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenState(models.TextChoices):
    """What a list can be filtered by; follows from the token's dates."""

    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class EndReason(models.TextChoices):
    """Who or what ended a token before its expiry."""

    PERSON = "person", _("Revoked")
    UNUSED = "unused", _("Not used for a year")
