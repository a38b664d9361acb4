"""The models of the rooms of `billing`."""

from billing.changes.models import ChangeQuote
from billing.documents.models import Document
from billing.invoices.models import CreditNote, Invoice, InvoiceLine, NumberSequence
from billing.ledger.models import Account, Entry, Journal
from billing.orders.models import CartLine, Order, OrderLine
from billing.payment_methods.models import MethodSetup, PaymentMethod, ProviderCustomer
from billing.payments.models import PaymentAttempt, PaymentLink
from billing.profiles.models import BillingAddress, LegalEntity
from billing.renewals.models import Reminder, Renewal, RenewalPreference
from billing.tax.models import TaxRate
from billing.webhooks.models import ProviderEvent

__all__ = [
    "Account",
    "BillingAddress",
    "CartLine",
    "ChangeQuote",
    "CreditNote",
    "Document",
    "Entry",
    "Invoice",
    "InvoiceLine",
    "Journal",
    "LegalEntity",
    "MethodSetup",
    "NumberSequence",
    "Order",
    "OrderLine",
    "PaymentAttempt",
    "PaymentLink",
    "PaymentMethod",
    "ProviderCustomer",
    "ProviderEvent",
    "Reminder",
    "Renewal",
    "RenewalPreference",
    "TaxRate",
]
