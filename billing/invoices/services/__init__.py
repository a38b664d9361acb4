"""The verbs of invoices. Locks are taken in one order: invoice, accounts, products, series of numbers."""

from billing.invoices.services.cancel import cancel_invoice
from billing.invoices.services.draft import EmptyInvoice, PeriodAlreadyBilled, draft_invoice
from billing.invoices.services.finalize import finalize_invoice
from billing.invoices.services.settle import AlreadyPaid, NotPayable, settle_free, settle_invoice
from billing.invoices.services.void import ReasonMissing, void_invoice

__all__ = [
    "AlreadyPaid",
    "EmptyInvoice",
    "NotPayable",
    "PeriodAlreadyBilled",
    "ReasonMissing",
    "cancel_invoice",
    "draft_invoice",
    "finalize_invoice",
    "settle_free",
    "settle_invoice",
    "void_invoice",
]
