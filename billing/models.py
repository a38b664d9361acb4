"""The models of the rooms of `billing`."""

from billing.archives.models import ArchivePart, PeriodArchive
from billing.bank.models import BankReceipt, EntryDecision, RefusedFile, Statement, StatementEntry
from billing.changes.models import ChangeQuote
from billing.disputes.models import Dispute
from billing.documents.models import Document, SellerLogo
from billing.holds.models import HoldRule, HoldRuleChange, OrderHold
from billing.invoices.models import CreditNote, Invoice, InvoiceLine, NumberSequence, UnfulfilledLine
from billing.ledger.models import Account, Entry, Journal
from billing.orders.models import CartLine, Order, OrderLine, Trial
from billing.payment_methods.models import ExpiryNotice, MethodSetup, PaymentMethod, ProviderCustomer
from billing.payments.models import AnnouncedTransfer, PaymentAttempt, PaymentLink
from billing.prepaid.models import PrepaidSettings
from billing.profiles.models import BillingAddress, LegalEntity, PurchaseOrder
from billing.promotions.models import CartCode, CodeUse, FreeCredit, PromoCode, PromoCodeChange
from billing.proof.models import LedgerProof
from billing.receivers.models import BillingReceiver
from billing.refunds.models import ChargeFee, Refund
from billing.rehearsal.models import Finding, RehearsalRound, RehearsedOrganization
from billing.renewals.models import Reminder, ReminderRound, Renewal, RenewalPreference
from billing.reservations.models import Reservation
from billing.runs.models import QuarantinedRow, Run
from billing.tax.models import SellerScheme, TaxChange, TaxRate
from billing.transfer.models import SellerAccount
from billing.webhooks.models import EventSweep, ProviderEvent
from billing.withdrawals.models import PayoutBatch, Withdrawal

__all__ = [
    "Account",
    "AnnouncedTransfer",
    "ArchivePart",
    "BankReceipt",
    "BillingAddress",
    "BillingReceiver",
    "CartCode",
    "CartLine",
    "ChangeQuote",
    "ChargeFee",
    "CodeUse",
    "CreditNote",
    "Dispute",
    "Document",
    "Entry",
    "EntryDecision",
    "EventSweep",
    "ExpiryNotice",
    "Finding",
    "FreeCredit",
    "HoldRule",
    "HoldRuleChange",
    "Invoice",
    "InvoiceLine",
    "Journal",
    "LedgerProof",
    "LegalEntity",
    "MethodSetup",
    "NumberSequence",
    "Order",
    "OrderHold",
    "OrderLine",
    "PaymentAttempt",
    "PaymentLink",
    "PaymentMethod",
    "PayoutBatch",
    "PeriodArchive",
    "PrepaidSettings",
    "PromoCode",
    "PromoCodeChange",
    "ProviderCustomer",
    "ProviderEvent",
    "PurchaseOrder",
    "QuarantinedRow",
    "Refund",
    "RefusedFile",
    "RehearsalRound",
    "RehearsedOrganization",
    "Reminder",
    "ReminderRound",
    "Renewal",
    "RenewalPreference",
    "Reservation",
    "Run",
    "SellerAccount",
    "SellerLogo",
    "SellerScheme",
    "Statement",
    "StatementEntry",
    "TaxChange",
    "TaxRate",
    "Trial",
    "UnfulfilledLine",
    "Withdrawal",
]
