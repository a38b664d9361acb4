"""What must be true when all is idle: the panel's books and the provider's journal say the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind, Entry
from billing.payments.models import PaymentAttempt
from billing.payments.status import AttemptStatus
from billing.proof.services import find_differences
from billing.renewals.models import Renewal
from billing.renewals.status import OPEN, RenewalStatus
from billing.runs.models import QuarantinedRow
from manager.outbox.models import Delivery, OutboxEvent, OutgoingMail
from products.inventory.models import Product
from tests.factories.payments import provider
from tests.faults.harness.portfolio import Case

# An attempt that a process has, or had when it died.
UNDER_WAY = (AttemptStatus.CREATED, AttemptStatus.UNKNOWN)


def outstanding(cases: Sequence[Case], today: date) -> dict[str, int]:
    """Return how much of each kind is still to be done as of `today`; nothing when all is idle."""
    waiting = Renewal.objects.using("system").filter(status__in=OPEN)
    found = {
        "not planned": len(cases) - Renewal.objects.using("system").count(),
        "never charged": waiting.filter(status=RenewalStatus.PLANNED)
        .exclude(invoice__attempts__status=AttemptStatus.REQUIRES_ACTION)
        .count(),
        "due again": waiting.filter(status=RenewalStatus.FAILED, next_attempt_on__lte=today).count(),
        "under way": len(under_way()),
        "events": OutboxEvent.objects.using("system").filter(relayed_at=None).count(),
        "deliveries": Delivery.objects.using("system").filter(done_at=None).count(),
        "mails": OutgoingMail.objects.using("system").filter(sent_at=None).count(),
    }
    return {name: count for name, count in found.items() if count}


def stuck(today: date) -> list[str]:
    """Tell of each renewal due as of `today` what was tried and told, and of what is in quarantine."""
    due = Renewal.objects.using("system").filter(status__in=OPEN, next_attempt_on__lte=today)
    told = []
    for row in due:
        tries = PaymentAttempt.objects.using("system").filter(invoice=row.invoice_id).order_by("pk")
        facts = ("status", "request_key", "decline_code", "created_at", "finished_at", "lease_until", "fence")
        events = OutboxEvent.objects.using("system").filter(payload__invoice=row.invoice_id).order_by("pk")
        heard = events.values_list("name", "created_at", "relayed_at", "payload", "deliveries__handler")
        told += [
            f"{row.status} after {row.attempts}, due on {row.next_attempt_on}, lease until {row.lease_until}",
            *(f"tried: {one}" for one in tries.values(*facts)),
            *(f"heard: {one}" for one in heard),
        ]
    bad = QuarantinedRow.objects.using("system")
    return told + [f"{row.kind} failed {row.failures} times: {row.last_error}" for row in bad]


def under_way() -> dict[int, int]:
    """Return the fence of each attempt that somebody has to finish, by its id."""
    rows = PaymentAttempt.objects.using("system").filter(status__in=UNDER_WAY)
    return dict(rows.values_list("pk", "fence"))


def fences_of(ids: Sequence[int]) -> dict[int, int]:
    """Return how often each of these attempts was taken by somebody, by its id."""
    rows = PaymentAttempt.objects.using("system").filter(pk__in=ids)
    return dict(rows.values_list("pk", "fence"))


def not_taken_over(before: dict[int, int], at: datetime) -> list[int]:
    """Return the attempts whose lease is over at `at` and that nobody has touched since `before`."""
    rows = PaymentAttempt.objects.using("system").filter(status__in=UNDER_WAY, lease_until__lte=at)
    return [pk for pk, fence in rows.values_list("pk", "fence") if before.get(pk) == fence]


@dataclass(frozen=True, slots=True)
class Books:
    """What the provider's journal and the panel's books say; sums in minor units."""

    twice: int
    lost: int
    left_open: int
    taken: int
    posted: int


def read_books(cases: Sequence[Case]) -> Books:
    """Return what is counted at the end of a run."""
    times = _times_charged(cases)
    return Books(
        twice=sum(times[case.organization.pk] > 1 for case in cases),
        lost=sum(not times[case.organization.pk] for case in cases if _paid(case)),
        left_open=len(under_way()),
        taken=sum(entry["amount"] for entry in provider().charges()),
        posted=_posted(),
    )


def judge(cases: Sequence[Case]) -> list[str]:
    """Return all that is wrong; nothing is what it shall be (BIL-16)."""
    return [*_charges(cases), *_periods(cases), *_sums(), *_documents(), *_mails(cases)]


def name_of(case: Case) -> str:
    """Return what was done to a case."""
    return f"{case.answer.name}, death at {case.point or 'no point'}"


def _paid(case: Case) -> bool:
    return case.answer.is_paid or case.answer.is_paid_later


def _charges(cases: Sequence[Case]) -> list[str]:
    times = _times_charged(cases)
    return [
        f"{name_of(case)}: charged {times[case.organization.pk]} times"
        for case in cases
        if times[case.organization.pk] != _paid(case)
    ]


def _times_charged(cases: Sequence[Case]) -> dict[int, int]:
    """Return how often each organization was charged, by the provider's journal."""
    charged = Counter(entry["metadata"]["organization"] for entry in provider().charges())
    return {case.organization.pk: charged[str(case.organization.pk)] for case in cases}


def _periods(cases: Sequence[Case]) -> list[str]:
    ends = dict(Product.objects.using("system").values_list("organization_id", "expires_on"))
    return [
        f"{name_of(case)}: ends on {ends[case.organization.pk]}"
        for case in cases
        if ends[case.organization.pk] != (case.renewed_until if _paid(case) else case.expires_on)
    ]


def _sums() -> list[str]:
    taken = sum(entry["amount"] for entry in provider().charges())
    posted = _posted()
    wrong = [] if taken == posted else [f"the provider took {taken}, the ledger has {posted}"]
    return [*wrong, *(f"the nightly proof finds {one}" for one in find_differences())]


def _posted() -> int:
    """Return what the ledger says that the provider holds, in minor units."""
    entries = Entry.objects.using("system").filter(account__kind=AccountKind.PROVIDER)
    return -(entries.aggregate(sum=Sum("amount"))["sum"] or 0)


def _documents() -> list[str]:
    paid = Invoice.objects.using("system").filter(status=InvoiceStatus.PAID)
    numbers = sorted(int(number.rsplit("-", 1)[1]) for number in paid.values_list("number", flat=True))
    return [] if numbers == list(range(1, len(numbers) + 1)) else [f"numbers have a gap: {numbers}"]


def _mails(cases: Sequence[Case]) -> list[str]:
    """A fact is told once; who paid at once is never told of a failure."""
    mails = OutgoingMail.objects.using("system")
    told = Counter(mails.values_list("organization_id", "template"))
    wrong = []
    for case in cases:
        pk, name = case.organization.pk, name_of(case)
        if told[pk, "invoice_paid"] != _paid(case):
            wrong.append(f"{name}: told {told[pk, 'invoice_paid']} times that it is paid")
        refusals = told[pk, "payment_failed"] + told[pk, "payment_requires_action"]
        if refusals and case.answer.is_paid:
            wrong.append(f"{name}: told of a failure")
        if not refusals and not case.answer.is_paid:
            wrong.append(f"{name}: told nothing")
    return wrong
