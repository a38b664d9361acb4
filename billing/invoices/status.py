"""The life of an invoice (BIL-4, BIL-5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InvoiceStatus(models.TextChoices):
    """Where an invoice stands. A draft is shown as a pro forma and has no number."""

    DRAFT = "draft", _("To pay")
    OPEN = "open", _("Issued, to pay")
    PAID = "paid", pgettext_lazy("an invoice", "Paid")
    CANCELLED = "cancelled", pgettext_lazy("an invoice", "Cancelled")
    VOID = "void", _("Voided by a credit note")


I = InvoiceStatus  # noqa: E741  (the table below reads better with a short name)

TRANSITIONS: dict[str, frozenset[str]] = {
    I.DRAFT: frozenset({I.OPEN, I.CANCELLED}),
    I.OPEN: frozenset({I.PAID, I.VOID}),
    I.PAID: frozenset(),
    I.CANCELLED: frozenset(),
    I.VOID: frozenset(),
}

PAYABLE = frozenset({I.DRAFT, I.OPEN})
NUMBERED = frozenset({I.OPEN, I.PAID, I.VOID})
