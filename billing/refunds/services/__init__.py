"""The verbs of refunds: begin (one commit), make (outside of any), settle (one commit)."""

from billing.refunds.services.make import make_refund
from billing.refunds.services.refund import preview_refund, refund_invoice
from billing.refunds.services.returned import note_returned
from billing.refunds.services.settle import settle_refund
from billing.refunds.services.whole import begin_refund

__all__ = [
    "begin_refund",
    "make_refund",
    "note_returned",
    "preview_refund",
    "refund_invoice",
    "settle_refund",
]
