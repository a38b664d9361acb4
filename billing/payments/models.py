"""Attempts to pay: the intent is stored before the provider is called (BIL-16)."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.payments.status import CLOSED, OPEN, AttemptStatus
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned


class Purpose(models.TextChoices):
    """What the money of an attempt is for."""

    INVOICE = "invoice", _("Invoice")
    TOP_UP = "top_up", _("Prepaid account")


class Way(models.TextChoices):
    """How an attempt takes the money."""

    CHECKOUT = "checkout", _("Payment page")
    ON_SESSION = "on_session", _("Saved means")
    OFF_SESSION = "off_session", _("Charged by itself")
    PREPAID = "prepaid", _("Prepaid account")


class Initiator(models.TextChoices):
    """Who began an attempt."""

    PERSON = "person", _("Person")
    RENEWAL = "renewal", _("Renewal")
    AUTO = "auto", _("Automatic top-up")


class PaymentAttempt(OrganizationOwned):
    """One attempt to pay an invoice or to top up the prepaid account; one is open per invoice, by constraint.

    The row keeps all that the call to the provider is made of, so that the janitor can send the very same
    call again under the same `idempotency_key`. It is worked on under a lease (`lease_until`) with a `fence`
    that grows with each taking: a result of an older fence is refused. While nobody works on it,
    `lease_until` is when the provider is asked next. `means_country` is where the card that paid was issued.
    `noted_as` is the kind of refusal that the renewals have counted, once for each attempt.
    """

    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.INVOICE)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="attempts", null=True)
    sequence = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=16, choices=AttemptStatus.choices, default=AttemptStatus.CREATED)
    initiator = models.CharField(max_length=8, choices=Initiator.choices)
    initiated_by = models.BigIntegerField(null=True)
    way = models.CharField(max_length=12, choices=Way.choices)
    gateway = models.SlugField()
    method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+", null=True)
    kinds = models.JSONField(default=list)
    saves_means = models.BooleanField(default=False)
    means_country = models.CharField(max_length=2, blank=True, default="", db_default="")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    description = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="en")
    customer_reference = models.CharField(max_length=120, blank=True)
    idempotency_key = models.CharField(max_length=80, unique=True)
    request_key = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    charge_reference = models.CharField(max_length=120, blank=True)
    means_reference = models.CharField(max_length=120, blank=True)
    redirect_url = models.URLField(max_length=2000, blank=True)
    decline_code = models.CharField(max_length=60, blank=True)
    decline_kind = models.CharField(max_length=16, blank=True)
    decline_message = models.CharField(max_length=40, blank=True)
    noted_as = models.CharField(max_length=16, blank=True, default="", db_default="")
    is_credited = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "sequence"], name="attempt_sequence"),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(status__in=sorted(OPEN)), name="attempt_one_open_per_invoice"
            ),
            models.UniqueConstraint(
                fields=["organization", "request_key"],
                condition=~Q(request_key=""),
                name="attempt_once_per_request",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(purpose="top_up", initiator="auto", status__in=sorted(OPEN)),
                name="attempt_one_auto_top_up",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="attempt_amount_positive"),
            models.CheckConstraint(
                condition=Q(purpose="invoice", invoice__isnull=False)
                | Q(purpose="top_up", invoice__isnull=True),
                name="attempt_has_one_purpose",
            ),
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(status__in=sorted(OPEN)), name="attempt_stale"),
            models.Index(
                fields=["lease_until"],
                condition=Q(status="succeeded", saves_means=True, method=None),
                name="attempt_means_to_save",
            ),
            models.Index(fields=["reference"], name="attempt_reference"),
            models.Index(fields=["organization", "-id"], name="attempt_newest_first"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def money(self) -> Money:
        """What the attempt charges."""
        return Money(self.amount, self.currency)

    @property
    def ledger_reference(self) -> str:
        """The ledger's name of the attempt's money: one attempt moves it once (BIL-16)."""
        return f"attempt:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it is not known yet what came of it."""
        return self.status in OPEN

    @property
    def is_closed(self) -> bool:
        """Whether it ended without money."""
        return self.status in CLOSED

    def is_leased(self, at: datetime) -> bool:
        """Return whether somebody is calling the provider for it at this moment."""
        return self.status == AttemptStatus.CREATED and self.lease_until is not None and at < self.lease_until


class PaymentLink(OrganizationOwned):
    """A signed link in a mail, to approve or make one payment without signing in; the secret is not kept."""

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link to attempt {self.attempt_id}"


class AnnouncedTransfer(OrganizationOwned):
    """Somebody chose to pay an invoice by bank transfer: its money is on its way, nothing is charged (BIL-3).

    `withdrawn_at` is set when another means was chosen afterwards.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="announced_transfers")
    chosen_by = models.BigIntegerField(null=True)
    chosen_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(withdrawn_at=None), name="announced_transfer_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"transfer for invoice {self.invoice_id}"
