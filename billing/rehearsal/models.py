"""What the rehearsal of the coming charges found (BIL-11)."""

from django.db import models
from django.db.models import Q

from billing.payment_methods.models import PaymentMethod
from billing.rehearsal.reasons import Reason
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned


class Finding(OrganizationOwned):
    """A charge that will fail, and why; the row goes once it is mended.

    `charge_on` is the day of the charge, or of the expiry of what does not renew by itself. `amount` with VAT
    in minor units, where it is known. Without a product it concerns all charges of the organization.
    """

    reason = models.CharField(max_length=20, choices=Reason)
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+", null=True)
    method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+", null=True)
    charge_on = models.DateField(null=True)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "reason", "product"], nulls_distinct=False, name="finding_once"
            ),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="finding_reason_known"),
        ]
        indexes = [models.Index(fields=["reason", "-id"], name="finding_of_reason")]

    def __str__(self) -> str:
        return f"{self.reason} of organization {self.organization_id}"

    @property
    def money(self) -> Money | None:
        """What will be charged, where it is known."""
        return None if self.amount is None else Money(self.amount, self.currency)


class RehearsedOrganization(OrganizationOwned):
    """When the coming charges of an organization were rehearsed last; `on` is the UTC day of it."""

    on = models.DateField()
    rehearsed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="rehearsed_organization_once")]

    def __str__(self) -> str:
        return f"organization {self.organization_id} on {self.on}"


class RehearsalRound(models.Model):
    """The last UTC day on which everybody was rehearsed, the operator's: the beat asks for nothing else."""

    day = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="rehearsal_round_one")]

    def __str__(self) -> str:
        return str(self.day)
