"""Saved means and the payments sandbox, for tests of payments and renewals."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import MeansKind
from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind, Entry
from billing.ledger.services import post_journal
from billing.payment_methods.customers import ensure_customer
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.services import save_method
from billing.payments.models import PaymentAttempt
from billing.payments.services import start_payment
from manager.demo.psp.testing import SandboxProcess
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.billing import make_invoice, make_legal_entity, make_line
from tests.factories.products import make_product

ACTOR = Actor.system("test")


def now() -> datetime:
    """Return the present: the provider's clock cannot be moved."""
    return datetime.now(UTC)


def provider() -> SandboxProcess:
    """Return the hands on the sandbox at STRIPE_API_BASE; the fixture `psp` runs it."""
    return SandboxProcess(Path("unused"), port=urlsplit(str(settings.STRIPE_API_BASE)).port or 0)


def make_method(organization: Organization, card: str = "pm_card_visa") -> PaymentMethod:
    """Return a saved test card of the organization, saved at the provider as well."""
    gateway = gateway_for("stripe")
    with tenant_scope(organization.pk):
        customer = ensure_customer(organization=organization, gateway=gateway)
        reference = provider().save_card(customer, card)
        return save_method(
            organization_id=organization.pk,
            gateway="stripe",
            means=gateway.describe_means(means_reference=reference),
            actor=ACTOR,
            at=now(),
        )


def make_order_invoice(organization: Organization, *, months: int = 12) -> tuple[Invoice, Product]:
    """Return a draft over one pending product, as an order makes it."""
    make_legal_entity()
    product = make_product(organization, months=months, activated=False)
    line = make_line(12_000, months=months, product=product)
    return make_invoice(organization, [line]), product


def open_checkout(
    invoice: Invoice, *, kind: MeansKind = MeansKind.CARD, save_means: bool = True
) -> PaymentAttempt:
    """Return an attempt whose page is open at the provider."""
    with tenant_scope(invoice.organization_id):
        return start_payment(
            invoice=invoice, kinds=(kind,), save_means=save_means, language="en", actor=ACTOR, at=now()
        )


def fill_prepaid(organization: Organization, amount: int) -> None:
    """Put money on the prepaid account, as a payment of the bank would."""
    with tenant_scope(organization.pk):
        post_journal(
            organization=organization,
            reference=f"test:{organization.pk}:{amount}",
            kind="top_up",
            currency=organization.currency,
            entries=[(AccountKind.BANK, -amount), (AccountKind.PREPAID, amount)],
            at=now(),
        )


def entries_of(organization: Organization, kind: AccountKind) -> list[int]:
    """Return the amounts posted to an account, oldest first."""
    with tenant_scope(organization.pk):
        return list(Entry.objects.filter(account__kind=kind).order_by("id").values_list("amount", flat=True))


def close_connections() -> None:
    """Close the connections of a thread that ends."""
    for connection in connections.all(initialized_only=True):
        connection.close()
