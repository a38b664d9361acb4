"""Objects of billing for the matrix, as rows: their history is not what the matrix looks at."""

from datetime import timedelta
from itertools import count
from typing import Any

from billing.archives.models import ArchivePart, PeriodArchive
from billing.invoices.services import finalize_invoice, void_invoice
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.orders.models import CartLine, Order
from billing.payment_methods.models import MethodSetup, PaymentMethod
from billing.payments.models import PaymentAttempt
from billing.profiles.models import PurchaseOrder
from billing.withdrawals.models import Withdrawal
from manager.kit.clock import now
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_address, make_invoice, make_line
from tests.isolation.world import MAKERS, World, plan_of, word_of

_numbers = count(1)


def _invoice(world: World, organization: Organization, made: dict[str, Any]) -> Any:
    text = f"{word_of(world, organization)} hosting {next(_numbers)}"
    return make_invoice(organization, [make_line(description=text)])


def _open_invoice(world: World, organization: Organization, made: dict[str, Any]) -> int:
    return finalize_invoice(invoice=_invoice(world, organization, made), actor=ACTOR, at=AT).pk


def _credit_note(world: World, organization: Organization, made: dict[str, Any]) -> int:
    issued = finalize_invoice(invoice=_invoice(world, organization, made), actor=ACTOR, at=AT)
    void_invoice(invoice=issued, reason=word_of(world, organization), actor=ACTOR, at=AT)
    return issued.credit_notes.get().pk


def _archive(world: World, organization: Organization, made: dict[str, Any]) -> int:
    """Return a file of a period that can be taken; its content tells whose it is."""
    first = AT.date() - timedelta(days=next(_numbers))
    row = PeriodArchive.objects.create(
        organization=organization,
        first=first,
        last=first,
        language="en",
        asked_at=now(),
        total=1,
        done=1,
        size=len(word_of(world, organization)),
        ready_at=now(),
        expires_at=now() + timedelta(days=7),
    )
    content = word_of(world, organization).encode()
    ArchivePart.objects.create(organization=organization, archive=row, position=0, content=content)
    return row.pk


def _address(world: World, organization: Organization, made: dict[str, Any]) -> int:
    return make_address(organization, name=f"{word_of(world, organization).title()} {next(_numbers)}").pk


def _purchase_order(world: World, organization: Organization, made: dict[str, Any]) -> int:
    number = f"{word_of(world, organization)}-{next(_numbers)}"
    return PurchaseOrder.objects.create(
        organization=organization, number=number, valid_from=AT.date(), created_at=AT
    ).pk


def _method(world: World, organization: Organization, made: dict[str, Any]) -> int:
    number = next(_numbers)
    return PaymentMethod.objects.create(
        organization=organization,
        gateway="stripe",
        kind="card",
        reference=f"pm_{word_of(world, organization)}_{number}",
        brand="visa",
        last4="4242",
        expiry_year=2030,
        expiry_month=12,
        name=f"{word_of(world, organization).title()} card {number}",
        created_at=AT,
    ).pk


def _setup(world: World, organization: Organization, made: dict[str, Any]) -> int:
    key = f"setup-{next(_numbers)}"
    return MethodSetup.objects.create(
        organization=organization, gateway="stripe", idempotency_key=key, created_at=now(), finished_at=now()
    ).pk


def _attempt(world: World, organization: Organization, made: dict[str, Any]) -> int:
    return PaymentAttempt.objects.create(
        organization=organization,
        invoice=_invoice(world, organization, made),
        status="cancelled",
        initiator="person",
        way="checkout",
        gateway="stripe",
        amount=100,
        currency="CHF",
        description=word_of(world, organization),
        idempotency_key=f"attempt-{next(_numbers)}",
        created_at=AT,
        finished_at=AT,
    ).pk


def _top_up(world: World, organization: Organization, made: dict[str, Any]) -> int:
    """Return a movement of the prepaid account: money that came in."""
    posted = post_journal(
        organization=organization,
        reference=f"test-top-up:{next(_numbers)}",
        kind="top_up",
        currency="CHF",
        entries=[(AccountKind.PROVIDER, -500), (AccountKind.PREPAID, 500)],
        at=AT,
    )
    assert posted is not None
    return int(posted.entries.get(amount__gt=0).pk)


def _withdrawal(world: World, organization: Organization, made: dict[str, Any]) -> int:
    """Return a request that waits, whose money is off the prepaid account."""
    post_journal(
        organization=organization,
        reference=f"test-withdrawal:{next(_numbers)}",
        kind="withdrawal",
        currency="CHF",
        entries=[(AccountKind.PROVIDER, -100), (AccountKind.PAYOUTS, 100)],
        at=AT,
    )
    return Withdrawal.objects.create(
        organization=organization,
        means="paypal",
        holder=word_of(world, organization).title(),
        paypal=f"{word_of(world, organization)}@example.com",
        amount=100,
        currency="CHF",
        needs_two=False,
        requested_at=AT,
    ).pk


def _cart_line(world: World, organization: Organization, made: dict[str, Any]) -> int:
    name = f"{word_of(world, organization)}-cart.example"
    return CartLine.objects.create(
        organization=organization, plan=plan_of("web"), months=12, name=name, created_at=AT
    ).pk


def _order(world: World, organization: Organization, made: dict[str, Any]) -> int:
    return Order.objects.create(
        organization=organization,
        invoice=_invoice(world, organization, made),
        confirmation_key=f"order-{next(_numbers)}",
        placed_by=world.people["LR+"].pk,
        created_at=AT,
    ).pk


MAKERS.update(
    {
        "invoice_id": lambda world, organization, made: _invoice(world, organization, made).pk,
        "open_invoice_id": _open_invoice,
        "credit_note_id": _credit_note,
        "address_id": _address,
        "purchase_order_id": _purchase_order,
        "archive_id": _archive,
        "movement_id": _top_up,
        "withdrawal_id": _withdrawal,
        "method_id": _method,
        "setup_id": _setup,
        "attempt_id": _attempt,
        "line_id": _cart_line,
        "order_id": _order,
    }
)
