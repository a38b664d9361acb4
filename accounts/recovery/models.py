"""A change of an address that waits for its confirmation, or was confirmed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AddressKind(models.TextChoices):
    """Which of a person's addresses changes."""

    LOGIN = "login", _("Login")
    RECOVERY = "recovery", _("Recovery address")


class AddressChange(models.Model):
    """A wish for another address; it counts only after the link mailed there was opened (ACC-4, ACC-6).

    The links' secrets are derived, so that only the mails hold them; `sendings` makes an older link void.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_changes"
    )
    kind = models.CharField(max_length=10, choices=AddressKind.choices)
    address = models.EmailField(max_length=254)
    old_address = models.EmailField(max_length=254, blank=True)
    sendings = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # Given up by the person, or replaced by another wish.
    cancelled_at = models.DateTimeField(null=True)
    # Taken back by the owner of the old address after the change.
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(confirmed_at=None, cancelled_at=None),
                name="address_change_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"
