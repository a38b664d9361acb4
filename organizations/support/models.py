"""Support access: what the operator's staff may reach in an organization, for a while (ORG-15)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.access.timebox import TimeBoxed


class SupportKind(models.TextChoices):
    """A kind of content, each with its own switch. The account itself is one: seen, never changed."""

    MAIL = "mail", _("Mail")
    FILES = "files", _("Files")
    CHAT = "chat", _("Chat")
    ACCOUNT = "account", _("Account")


class SupportGrant(TimeBoxed):
    """Support access to one kind of content, given by a member; it always has an end."""

    kind = models.CharField(max_length=10, choices=SupportKind.choices)
    reason = models.CharField(max_length=300, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        permissions = [("support_access", "Work in organizations that gave support access")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind"], condition=Q(ended_at=None), name="support_once_per_kind"
            ),
            models.CheckConstraint(condition=Q(ends_at__isnull=False), name="support_ends"),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="support_newest_first"),
            models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="support_due"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
