"""The provider's journal and the ledger of a simulation, and what may still be open when all is idle."""

from collections import Counter, defaultdict
from datetime import datetime

from django.db.models import Sum

from billing.invoices.models import InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind, Entry
from billing.payments.models import PaymentAttempt
from billing.payments.status import AttemptStatus
from billing.proof.services import find_differences
from billing.renewals.models import Renewal
from billing.renewals.status import OPEN
from manager.demo.simulation.world import World
from manager.kit.clock import day_in
from manager.outbox.models import Delivery, OutboxEvent
from products.inventory.models import Product
from products.inventory.status import ProductStatus

# An attempt that a worker has, or had when it died.
UNDER_WAY = (AttemptStatus.CREATED, AttemptStatus.UNKNOWN, AttemptStatus.PENDING)


def check_provider(world: World, *, at: datetime) -> None:
    """Compare what the provider took and gave back with the ledger, and look for what is charged twice.

    :raises SimulationFailed: they do not agree, or an invoice is charged twice.
    """
    taken: dict[str, int] = defaultdict(int)
    charged: Counter[str] = Counter()
    for entry in world.provider.journal():
        if entry["status"] == "succeeded":
            taken[entry["currency"].upper()] += entry["amount"] * (1 if entry["type"] == "charge" else -1)
            charged[entry["metadata"].get("invoice", "")] += entry["type"] == "charge"
    for invoice, times in charged.items():
        if invoice and times > 1:
            raise world.fail(at.date(), None, f"Invoice {invoice} is charged {times} times.")
    entries = Entry.objects.using("system").filter(account__kind=AccountKind.PROVIDER)
    posted = {
        row["account__currency"]: -row["sum"]
        for row in entries.values("account__currency").annotate(sum=Sum("amount"))
    }
    if +Counter(taken) != +Counter(posted):
        raise world.fail(at.date(), None, f"The provider took {dict(taken)}, the ledger has {posted}.")
    world.counts["charges at the provider"] = sum(charged.values())


def check_idle(world: World, *, at: datetime) -> None:
    """Look for what is left open after the work was done without a mishap, and let the ledger be proved.

    :raises SimulationFailed: something is.
    """
    system = "system"
    found = {
        "attempts under way": PaymentAttempt.objects.using(system).filter(status__in=UNDER_WAY),
        "events not relayed": OutboxEvent.objects.using(system).filter(relayed_at=None),
        "events not heard": Delivery.objects.using(system).filter(done_at=None),
        "renewals that are paid and open": Renewal.objects.using(system).filter(
            status__in=OPEN, invoice__status=InvoiceStatus.PAID
        ),
        "lines of renewals that are paid and not carried out": InvoiceLine.objects.using(system).filter(
            invoice__status=InvoiceStatus.PAID, invoice__origin="renewal", counts=True, fulfilled_at=None
        ),
    }
    for what, rows in found.items():
        if count := rows.count():
            raise world.fail(at.date(), None, f"Left over: {count} {what}, first {rows.first()!r}.")
    _check_running(world, at)
    if differences := find_differences():
        raise world.fail(at.date(), None, f"The proof of the ledger finds {differences[0]}.")


def _check_running(world: World, at: datetime) -> None:
    zones = {row.pk: row.time_zone for row in world.organizations}
    running = Product.objects.using("system").filter(status=ProductStatus.ACTIVE)
    for pk, owner, expires_on in running.values_list("pk", "organization_id", "expires_on"):
        if expires_on is None or expires_on <= day_in(zones[owner], at):
            raise world.fail(at.date(), pk, f"It runs, and is paid until {expires_on} only.")
