"""The life of a refund."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RefundStatus(models.TextChoices):
    """Where a refund stands; `unknown` means that the provider's answer was lost."""

    CREATED = "created", _("Prepared")
    PENDING = "pending", _("Being carried out")
    UNKNOWN = "unknown", _("Being checked")
    SUCCEEDED = "succeeded", _("Given back to the means used")
    KEPT = "kept", _("Put on the prepaid account")


R = RefundStatus
OPEN = frozenset({R.CREATED, R.PENDING, R.UNKNOWN})

# What the means does not take back is kept for the organization: there is no refund that comes to nothing.
TRANSITIONS: dict[str, frozenset[str]] = {
    R.CREATED: frozenset({R.PENDING, R.UNKNOWN, R.SUCCEEDED, R.KEPT}),
    R.PENDING: frozenset({R.UNKNOWN, R.SUCCEEDED, R.KEPT}),
    R.UNKNOWN: frozenset({R.PENDING, R.SUCCEEDED, R.KEPT}),
    R.SUCCEEDED: frozenset(),
    R.KEPT: frozenset(),
}
