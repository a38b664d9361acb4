"""Rendered documents, kept as they were given to the customer."""

from django.db import models

from billing.invoices.models import CreditNote, Invoice
from billing.profiles.models import LegalEntity
from organizations.tenancy.models import OrganizationOwned


class SellerLogo(models.Model):
    """The picture at the head of a company's documents, written anew by us as PNG."""

    legal_entity = models.OneToOneField(LegalEntity, on_delete=models.PROTECT, related_name="logo")
    picture = models.BinaryField()

    def __str__(self) -> str:
        return f"Logo of {self.legal_entity_id}"


class Document(OrganizationOwned):
    """The PDF of a numbered invoice, or of one of its credit notes: rendered once, never changed (BIL-4)."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="documents")
    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="documents", null=True)
    kind = models.CharField(max_length=12)
    language = models.CharField(max_length=5)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "kind"], condition=models.Q(credit_note=None), name="document_once"
            ),
            models.UniqueConstraint(fields=["credit_note"], name="document_once_per_note"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of invoice {self.invoice_id}"
