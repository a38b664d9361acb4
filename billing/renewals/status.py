"""The life of a renewal."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RenewalStatus(models.TextChoices):
    """Where one renewal of one product stands."""

    PLANNED = "planned", _("Planned")
    FAILED = "failed", _("Charge refused")
    SETTLED = "settled", _("Renewed")
    CANCELLED = "cancelled", pgettext_lazy("a renewal", "Cancelled")


R = RenewalStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    R.PLANNED: frozenset({R.FAILED, R.SETTLED, R.CANCELLED}),
    R.FAILED: frozenset({R.PLANNED, R.SETTLED, R.CANCELLED}),
    R.SETTLED: frozenset({R.CANCELLED}),  # what was paid is given back, and its days are free again
    R.CANCELLED: frozenset(),
}

OPEN = frozenset({R.PLANNED, R.FAILED})
