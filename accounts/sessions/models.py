"""Sessions, and the devices that they were opened on."""

from django.conf import settings
from django.db import models


class Device(models.Model):
    """A browser in which a person has signed in, known by a secret in its cookie (ACC-11)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    secret_hash = models.CharField(max_length=64)
    browser = models.CharField(max_length=60, blank=True)
    system = models.CharField(max_length=60, blank=True)
    address = models.GenericIPAddressField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # Until then signing in here asks for no second factor; null where it always does.
    remembered_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "secret_hash"], name="device_unique")]

    def __str__(self) -> str:
        return f"{self.browser}, {self.system}"


class Session(models.Model):
    """What a browser's cookie opens. The cookie's key is stored hashed only (INC-17)."""

    key_hash = models.CharField(max_length=64, unique=True)
    data = models.TextField()
    expires_at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Session {self.pk}"
