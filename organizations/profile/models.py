"""An organization: the tenant, a customer account that owns products, invoices and members."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from manager.kit.fields import CURRENCIES, refuse_control_characters
from organizations.profile.vat_numbers import printed_vat_number
from organizations.tenancy.models import OrganizationOwned


class Kind(models.TextChoices):
    """What an organization is; VAT depends on it (BIL-6)."""

    PRIVATE = "private", _("Private person")
    COMPANY = "company", _("Company")
    ASSOCIATION = "association", _("Association")
    PUBLIC_BODY = "public_body", _("Public body")


class Organization(models.Model):
    """A customer account (ORG-4). Its country sets its currency until there are documents.

    `logo_digest` is empty without a logo. With `deleted_at` nobody is a member any more; the row stays
    for the documents that refer to it (ORG-14).
    """

    name = models.CharField(max_length=120, validators=[refuse_control_characters])
    kind = models.CharField(max_length=12, choices=Kind.choices)
    street = models.CharField(max_length=120, blank=True, validators=[refuse_control_characters])
    postal_code = models.CharField(max_length=16, blank=True, validators=[refuse_control_characters])
    city = models.CharField(max_length=80, blank=True, validators=[refuse_control_characters])
    country = CountryField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    vat_number = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=50, default="Europe/Zurich")
    logo_digest = models.CharField(max_length=64, blank=True, db_default="")
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(currency__in=["CHF", "EUR"]), name="organization_currency_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for the square beside the name."""
        words = [word for word in self.name.split() if word[:1].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "?"


class Logo(OrganizationOwned):
    """The organization's logo as it was written anew (ORG-5); its address carries `digest`."""

    data = models.BinaryField()
    mime_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="logo_once")]

    def __str__(self) -> str:
        return f"Logo of {self.organization_id}"


class VatCheckState(models.TextChoices):
    """What a register has answered."""

    WAITING = "waiting", _("Waiting for the answer")
    VALID = "valid", _("Valid")
    NOT_VALID = "not_valid", _("Not valid")
    UNAVAILABLE = "unavailable", _("Register not available")
    NOT_CHECKED = "not_checked", _("No register to ask")


class VatCheck(OrganizationOwned):
    """A VAT number asked at its register, with the answer; answered rows are kept as evidence (ORG-4).

    `due_at` is set while a register is to be asked; who takes the row moves it on by a lease and raises
    `fence`. `recheck_at` is when the newest answer is old.
    """

    number = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=VatCheckState.choices, default=VatCheckState.WAITING)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=250, blank=True)
    address = models.CharField(max_length=500, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    recheck_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"],
                condition=models.Q(due_at__isnull=False),
                name="vat_check_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="vat_check_newest_first"),
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="vat_check_to_ask"
            ),
            models.Index(
                fields=["recheck_at"],
                condition=models.Q(recheck_at__isnull=False),
                name="vat_check_to_repeat",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"

    @property
    def printed_number(self) -> str:
        """The number as people write it."""
        return printed_vat_number(self.number)
