"""What an organization wants of its prepaid account: a notice, a top-up that happens by itself (BIL-7)."""

from django.db import models
from django.db.models import Q

from billing.payment_methods.models import PaymentMethod
from organizations.tenancy.models import OrganizationOwned


class PrepaidSettings(OrganizationOwned):
    """Thresholds of the prepaid account in the organization's currency, in minor units; none is off.

    `noticed_at`: the mail about the present time below `notice_below` was sent. `auto_*` top up by
    `auto_amount` from a saved means when the balance is below `auto_below`, from `auto_since` on; failures in
    a row switch that off (`stopped_at`). With `pays_renewals` a renewal takes what is on the account first,
    and the rest from another means (BIL-3).
    """

    pays_renewals = models.BooleanField(default=False, db_default=False)
    notice_below = models.BigIntegerField(null=True)
    noticed_at = models.DateTimeField(null=True)
    auto_below = models.BigIntegerField(null=True)
    auto_amount = models.BigIntegerField(null=True)
    auto_method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+", null=True)
    auto_by = models.BigIntegerField(null=True)
    auto_since = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "prepaid settings"
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="prepaid_settings_once"),
            models.CheckConstraint(
                condition=Q(notice_below=None) | Q(notice_below__gt=0), name="prepaid_notice_positive"
            ),
            models.CheckConstraint(
                condition=Q(auto_below=None, auto_amount=None, auto_method=None)
                | Q(
                    auto_below__gt=0,
                    auto_amount__gte=10,
                    auto_amount__lte=999_900,
                    auto_method__isnull=False,
                ),
                name="prepaid_auto_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"prepaid settings of {self.organization_id}"
