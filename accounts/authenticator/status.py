"""The life of a request for approval: asked, answered once, used once."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApprovalStatus(TextChoices):
    """Where a request for approval stands."""

    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced")
    USED = "used", _("Used")


TRANSITIONS: dict[str, frozenset[str]] = {
    ApprovalStatus.PENDING: frozenset(
        {ApprovalStatus.APPROVED, ApprovalStatus.REFUSED, ApprovalStatus.EXPIRED, ApprovalStatus.REPLACED}
    ),
    ApprovalStatus.APPROVED: frozenset(
        {ApprovalStatus.USED, ApprovalStatus.EXPIRED, ApprovalStatus.REPLACED}
    ),
}

OPEN = (ApprovalStatus.PENDING, ApprovalStatus.APPROVED)
