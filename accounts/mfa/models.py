"""Backup codes; the authenticator app's key is a TOTPDevice of django-otp."""

from django.conf import settings
from django.db import models


class BackupCode(models.Model):
    """A one-time code for when the authenticator is not at hand (ACC-9), stored hashed only."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="backup_codes")
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="backup_code_unique")]

    def __str__(self) -> str:
        return f"Backup code {self.pk}"
