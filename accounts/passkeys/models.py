"""Challenges that a passkey signs; the passkeys themselves are rows of django-otp-webauthn."""

from django.conf import settings
from django.db import models


class PasskeyChallenge(models.Model):
    """A random number to be signed once; deleting its row is what uses it up (INC-18).

    `user` is empty while nobody knows yet who signs in.
    """

    challenge_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="passkey_challenges"
    )
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Challenge {self.pk}"
