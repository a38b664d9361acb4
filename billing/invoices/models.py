"""Invoices with their lines, and the series of numbers they take theirs from."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from billing.invoices.status import NUMBERED, InvoiceStatus
from billing.invoices.told import tell_means, tell_reason
from billing.profiles.models import LegalEntity
from manager.kit.database.calendar import on_no_day_twice
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned

NO_DAY_TWICE = "invoice_line_no_day_twice"
NO_DAY_OF_AN_OPTION_TWICE = "invoice_line_no_option_day_twice"
NO_DAYS_TWICE = frozenset({NO_DAY_TWICE, NO_DAY_OF_AN_OPTION_TWICE})
"""The constraints by which no day of a product, or of one of its options, is on two invoices (BIL-16)."""

_PAYS_DAYS = Q(counts=True, product__isnull=False, covers__isnull=False)


class NumberSequence(models.Model):
    """The next number of a legal entity, year and kind of document; taken under its row lock (BIL-5)."""

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    next_value = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "kind", "year"], name="number_sequence_unique")
        ]

    def __str__(self) -> str:
        return f"{self.legal_entity_id} {self.kind} {self.year}"


class Invoice(OrganizationOwned):
    """A bill. Until it has a number it is a draft, shown as a pro forma; afterwards it is frozen.

    `buyer` and `seller` are copies of the parties as they were; `tax_code` and `tax_evidence` say why
    the VAT is what it is. `origin_key` makes one invoice of one cause (an order, a renewal group).
    """

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=InvoiceStatus.choices, default=InvoiceStatus.DRAFT)
    number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001  (unique where present)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    language = models.CharField(max_length=5)
    origin = models.CharField(max_length=12)
    origin_key = models.CharField(max_length=120)
    buyer = models.JSONField()
    seller = models.JSONField()
    billing_address_id = models.BigIntegerField(null=True)
    tax_code = models.CharField(max_length=20)
    tax_evidence = models.JSONField(default=dict)
    net_amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField()
    total_amount = models.BigIntegerField()
    created_at = models.DateTimeField()
    issued_on = models.DateField(null=True)
    due_on = models.DateField()
    paid_at = models.DateTimeField(null=True)
    paid_with = models.CharField(max_length=120, blank=True)
    # The organization's own number of the order, chosen by its dates; frozen with the invoice's number.
    purchase_order = models.CharField(max_length=40, blank=True, default="", db_default="")
    # A draft that was taken into another one, to be paid together (BIL-2).
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replaces", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "number"], name="invoice_number_unique"),
            # Serves lists, and what refers to an invoice together with its organization.
            models.UniqueConstraint("organization", models.F("id").desc(), name="invoice_newest_first"),
            models.UniqueConstraint(
                fields=["organization", "origin_key"],
                condition=~Q(status="cancelled"),
                name="invoice_once_per_origin",
            ),
            models.CheckConstraint(
                condition=Q(status__in=NUMBERED, number__isnull=False)
                | (~Q(status__in=NUMBERED) & Q(number=None)),
                name="invoice_number_with_status",
            ),
            models.CheckConstraint(
                condition=Q(total_amount=models.F("net_amount") + models.F("tax_amount")),
                name="invoice_total_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status", "due_on"], name="invoice_by_status"),
            # What somebody is putting together to pay: renewals that fall due go before it.
            models.Index(
                fields=["organization"],
                condition=Q(origin="selection", status="draft"),
                name="invoice_selection_waiting",
            ),
            # The few whose signs of the customer's country contradict each other, for staff (BIL-6).
            models.Index(
                fields=["-id"],
                condition=Q(tax_evidence__countries_agree=False),
                name="invoice_countries_differ",
            ),
            models.Index(
                fields=["-id"],
                condition=Q(tax_evidence__countries_proved=False),
                name="invoice_countries_unproved",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def total(self) -> Money:
        """What is to be paid, VAT included."""
        return Money(self.total_amount, self.currency)

    @property
    def net(self) -> Money:
        """The sum of the lines, without VAT."""
        return Money(self.net_amount, self.currency)

    @property
    def tax(self) -> Money:
        """The sum of the lines' VAT."""
        return Money(self.tax_amount, self.currency)

    @property
    def means(self) -> str:
        """What it was paid with, in the active language; `paid_with` is in the organization's."""
        return tell_means(self.paid_with)

    @property
    def is_payable(self) -> bool:
        """Whether the invoice still waits for its payment."""
        return self.status in {InvoiceStatus.DRAFT, InvoiceStatus.OPEN}


class InvoiceLine(OrganizationOwned):
    """One line. `period` is what it pays of a product; the database lets no day be billed twice (BIL-16).

    `component` is empty for the plan, else the slug of an option. `covers` are the days that the line still
    pays: its period, cut where a change of the offer gave the rest back. A line of an initial order has no
    period until it is paid, as the product begins with the payment; one of a change covers nothing before.
    `discount_amount` is what is taken off units × price before VAT, `discounted_by` names the codes (BIL-13).
    A line that `is_trial` pays the free first months of a product that renews by another period.
    `tax_code` is the rule of the VAT of what is set off, "" where it is the invoice's.
    `counts` is False once the invoice is cancelled or voided, or its money was given back.
    """

    # The database holds both to the invoice and its organization by one key, `invoice_line_of_invoice`.
    # Lines are looked for by their invoice or their product.
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+", null=True)
    component = models.SlugField(blank=True, default="", db_default="", db_index=False)
    is_trial = models.BooleanField(default=False, db_default=False)
    description = models.CharField(max_length=250)
    months = models.PositiveSmallIntegerField(null=True)
    quantity = models.PositiveIntegerField()
    unit_amount = models.BigIntegerField()
    discount_amount = models.BigIntegerField(default=0, db_default=0)
    discounted_by = models.CharField(max_length=200, blank=True, default="", db_default="")
    net_amount = models.BigIntegerField()
    tax_rate = models.PositiveIntegerField()
    tax_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    tax_amount = models.BigIntegerField()
    period = DateRangeField(null=True)
    covers = DateRangeField(null=True)
    counts = models.BooleanField(default=True)
    fulfilled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position"),
            models.CheckConstraint(
                condition=Q(discount_amount=0)
                | Q(
                    discount_amount__gt=0,
                    net_amount__gte=0,
                    net_amount=models.F("unit_amount") * models.F("quantity") - models.F("discount_amount"),
                ),
                name="invoice_line_discount_within",
            ),
            ExclusionConstraint(
                name=NO_DAY_TWICE,
                expressions=[on_no_day_twice("product", "covers")],
                condition=_PAYS_DAYS & Q(component=""),
            ),
            ExclusionConstraint(
                name=NO_DAY_OF_AN_OPTION_TWICE,
                expressions=[on_no_day_twice("product", "covers"), ("component", RangeOperators.EQUAL)],
                condition=_PAYS_DAYS & ~Q(component=""),
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def unit(self) -> Money:
        """The price of one unit for the whole period, without VAT."""
        return Money(self.unit_amount, self.invoice.currency)

    @property
    def discount(self) -> Money:
        """What was taken off the line, without VAT."""
        return Money(self.discount_amount, self.invoice.currency)

    @property
    def net(self) -> Money:
        """The line without VAT."""
        return Money(self.net_amount, self.invoice.currency)

    @property
    def tax(self) -> Money:
        """The line's VAT, rounded once."""
        return Money(self.tax_amount, self.invoice.currency)

    @property
    def tax_rule(self) -> str:
        """The code of the rule of its VAT, which is the invoice's or its own."""
        return self.tax_code or self.invoice.tax_code


class UnfulfilledLine(OrganizationOwned):
    """A paid line whose product refused what was paid for; tried again at `due_at`, none once it is done."""

    line = models.OneToOneField(InvoiceLine, on_delete=models.PROTECT, related_name="trouble")
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=250)
    tries = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="unfulfilled_to_try")
        ]

    def __str__(self) -> str:
        return f"{self.code} at line {self.line_id}"


class CreditNote(OrganizationOwned):
    """What takes an issued invoice back; it has a number of its own series and is never changed (BIL-5).

    `lines` are what it takes back of a paid one, each with its rate of VAT; empty where it voids the whole.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    reason = models.CharField(max_length=250)
    lines = models.JSONField(default=list, db_default=[])
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    net_amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField()
    total_amount = models.BigIntegerField()
    issued_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "number"], name="credit_note_number_unique"),
            models.CheckConstraint(
                condition=Q(total_amount=models.F("net_amount") + models.F("tax_amount")),
                name="credit_note_total_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def told_reason(self) -> str:
        """Why, in the active language where the words are ours."""
        return tell_reason(self.reason)

    @property
    def total(self) -> Money:
        """What is given back, VAT included."""
        return Money(self.total_amount, self.currency)
