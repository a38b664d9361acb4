"""A seeded statement with all that banks tell of in one file: what is referenced, and what is not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice, finalize_invoice
from billing.profiles.models import LegalEntity
from billing.transfer.references import Target, write_reference
from manager.demo.bank.writer import Line, Transfer
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.bank import DAY, line, reference_to
from tests.factories.billing import ACTOR, AT, make_invoice, make_line

ENTRIES = 500


@dataclass
class Story:
    """What the statement says, and what has to come of it."""

    lines: list[Line] = field(default_factory=list)
    paid: list[Invoice] = field(default_factory=list)
    referenced: int = 0
    proposed: int = 0
    waiting: int = 0
    outgoing: int = 0
    pending: int = 0
    credited: int = 0


class Teller:
    """Writes the story, from one seed."""

    def __init__(self, seed: int, entity: LegalEntity, swiss: list[Organization], euro: Organization) -> None:
        self.random = Random(seed)
        self.entity, self.swiss, self.euro = entity, swiss, euro
        self.story = Story()
        self._number = 0

    def tell(self) -> Story:
        """Return the story, its entries shuffled but for reversals, which come after what they reverse."""
        for times, kind in KINDS:
            for _ in range(times):
                kind(self)
        self._batches()
        self.random.shuffle(self.story.lines)
        for _ in range(6):
            self._reversal()
        while sum(len(one.transfers) for one in self.story.lines) < ENTRIES:
            self._nothing()
        return self.story

    def _add(self, amount: int, reference: str = "", **fields: object) -> None:
        self._number += 1
        self.story.lines.append(line(amount, reference, bank_reference=f"REF-{self._number:05d}", **fields))

    def _booked(self, amount: int, reference: str = "", **fields: object) -> None:
        self.story.referenced += 1
        self.story.credited += int(str(fields.get("gross", amount)))
        self._add(amount, reference, **fields)

    def _invoice(self, *, euro: bool = False) -> Invoice:
        owner = self.euro if euro else self.random.choice(self.swiss)
        price = self.random.randrange(1_000, 90_000)
        return make_invoice(owner, [make_line(price, currency=owner.currency)])

    def _reference(self, invoice: Invoice) -> str:
        return reference_to("invoice", invoice.pk, entity=self.entity, currency=invoice.currency)

    def _exact(self) -> None:
        invoice = self._invoice()
        self.story.paid.append(invoice)
        self._booked(invoice.total_amount, self._reference(invoice), name="Somebody else")

    def _creditor(self) -> None:
        invoice = self._invoice()
        self.story.paid.append(invoice)
        self._booked(invoice.total_amount, write_reference(Target("invoice", invoice.pk), account=None).text)

    def _euro(self) -> None:
        invoice = self._invoice(euro=True)
        self.story.paid.append(invoice)
        self._booked(invoice.total_amount, self._reference(invoice), currency="EUR")

    def _parts(self) -> None:
        invoice = self._invoice()
        self.story.paid.append(invoice)
        first = self.random.randrange(1, invoice.total_amount)
        self._booked(first, self._reference(invoice))
        self._booked(invoice.total_amount - first, self._reference(invoice))

    def _over(self) -> None:
        invoice = self._invoice()
        self.story.paid.append(invoice)
        self._booked(invoice.total_amount + self.random.randrange(1, 5_000), self._reference(invoice))

    def _twice(self) -> None:
        invoice = self._invoice()
        self.story.paid.append(invoice)
        self._booked(invoice.total_amount, self._reference(invoice))
        self._booked(invoice.total_amount, self._reference(invoice))

    def _cancelled(self) -> None:
        invoice = self._invoice()
        with tenant_scope(invoice.organization_id):
            cancel_invoice(invoice=invoice, actor=ACTOR, at=AT)
        self._booked(invoice.total_amount, self._reference(invoice))

    def _top_up(self) -> None:
        owner = self.random.choice(self.swiss)
        self._booked(self.random.randrange(10, 50_000), reference_to("top_up", owner.pk, entity=self.entity))

    def _charged(self) -> None:
        invoice = self._invoice()
        self.story.paid.append(invoice)
        total = invoice.total_amount
        self._booked(
            total - 200, self._reference(invoice), gross=total, charges=200, instructed=("USD", "99.00")
        )

    def _in_text(self) -> None:
        invoice = self._invoice()
        self.story.paid.append(invoice)
        said = self._reference(invoice)
        spaced = " ".join(said[at : at + 5] for at in range(0, len(said), 5))
        self._booked(invoice.total_amount, text=f"Payment {spaced} thank you")

    def _number_in_text(self) -> None:
        invoice = self._invoice()
        with tenant_scope(invoice.organization_id):
            issued = finalize_invoice(invoice=invoice, actor=ACTOR, at=AT)
        self.story.paid.append(issued)
        self._booked(issued.total_amount, text=f"Rg. {issued.number}")

    def _by_name(self) -> None:
        invoice = self._invoice()
        words = str(invoice.buyer["name"]).upper().split()
        self.story.proposed += 1
        self._add(invoice.total_amount, name=" ".join(reversed(words)), text="Best regards")

    def _nothing(self) -> None:
        self.story.waiting += 1
        self._add(self.random.randrange(10_000_000, 20_000_000), name="Nobody Known", text="Salary")

    def _unknown(self) -> None:
        self.story.waiting += 1
        self._add(4_711, reference_to("invoice", 900_000_000 + self._number, entity=self.entity))

    def _other_currency(self) -> None:
        self.story.waiting += 1
        invoice = self._invoice(euro=True)
        self._add(invoice.total_amount, write_reference(Target("invoice", invoice.pk), account=None).text)

    def _debit(self) -> None:
        self.story.outgoing += 1
        self._add(self.random.randrange(100, 90_000), is_credit=False, name="Power station")

    def _returned(self) -> None:
        self.story.waiting += 1
        self._add(self.random.randrange(100, 90_000), return_reason="AC04", end_to_end=f"P-{self._number}")

    def _announced(self) -> None:
        self.story.pending += 1
        self._add(self.random.randrange(100, 90_000), status="PDNG")

    def _reversal(self) -> None:
        """Take back one of the single credits that are booked; the entry waits for staff."""
        booked = [one for one in self.story.lines if one.is_credit and len(one.transfers) == 1]
        amount = self.random.choice(booked).amount
        self.story.waiting += 1
        self._add(amount, is_credit=False, is_reversal=True)

    def _batches(self) -> None:
        """Put some of the credits with a reference together, as banks book them by the day."""
        single = [
            one
            for one in self.story.lines
            if one.is_credit and one.status == "BOOK" and one.transfers[0].reference and not one.currency
        ]
        for start in range(0, 75, 25):
            together = single[start : start + 25]
            transfers: list[Transfer] = [one.transfers[0] for one in together if not one.transfers[0].charges]
            self.story.lines = [one for one in self.story.lines if one.transfers[0] not in transfers]
            amount = sum(one.amount for one in transfers)
            batch = Line(amount=amount, on=DAY, transfers=transfers, bank_reference=f"BATCH-{start}")
            self.story.lines.append(batch)


KINDS: list[tuple[int, Callable[[Teller], None]]] = [
    (130, Teller._exact),
    (40, Teller._creditor),
    (40, Teller._euro),
    (20, Teller._parts),
    (25, Teller._over),
    (15, Teller._twice),
    (15, Teller._cancelled),
    (20, Teller._top_up),
    (10, Teller._charged),
    (25, Teller._in_text),
    (20, Teller._number_in_text),
    (15, Teller._by_name),
    (10, Teller._unknown),
    (5, Teller._other_currency),
    (20, Teller._debit),
    (10, Teller._returned),
    (20, Teller._announced),
]
