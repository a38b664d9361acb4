"""The picture of a person."""

from django.conf import settings
from django.db import models


class Avatar(models.Model):
    """A person's picture as it was written anew (ACC-14); its address carries `digest`."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="avatar", primary_key=True
    )
    data = models.BinaryField()
    mime_type = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Avatar of {self.user_id}"
