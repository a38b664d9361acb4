"""One statement with 500 entries of all kinds: every referenced one is matched, and nothing twice."""

import hashlib
from datetime import timedelta

import psycopg

from billing.bank.models import StatementEntry
from billing.bank.periodic import drain_bank
from billing.bank.status import EntryStatus, Why
from billing.invoices.models import Invoice
from billing.ledger.models import Account
from billing.proof.services import find_differences
from tests.factories.bank import bring, make_bank
from tests.factories.bank_statement import ENTRIES, Teller
from tests.factories.billing import AT
from tests.factories.cast import make_person, make_tenant
from tests.factories.together import all_at_once


def money_of_all(connection: psycopg.Connection) -> str:
    """Return a hash of all that was posted, booked and decided."""
    found = hashlib.sha256()
    for table in ("billing_entry", "billing_journal", "billing_bankreceipt", "billing_statemententry"):
        rows = connection.execute(f"SELECT t::text FROM {table} t ORDER BY id").fetchall()
        found.update(repr(rows).encode())
    return found.hexdigest()


def test_every_referenced_entry_is_matched(superuser_connection):
    """BIL-17, BIL-16: killed on the way, drained by several at once, and brought again in other files."""
    entity = make_bank()
    swiss = [
        make_tenant(make_person(), name=name) for name in ("Alpen Hosting AG", "Café Müller", "Ada Muster")
    ]
    euro = make_tenant(make_person(), name="Euro GmbH", country="DE", time_zone="Europe/Berlin")
    story = Teller(17, entity, swiss, euro).tell()
    assert sum(len(one.transfers) for one in story.lines) == ENTRIES
    kept = bring(*story.lines, book=False)
    assert (kept.entries, kept.statement.pending_count) == (ENTRIES - story.pending, story.pending)

    # A worker died after it had taken some entries: they are another's after the lease.
    StatementEntry.objects.filter(pk__lt=StatementEntry.objects.order_by("pk")[40].pk).update(
        due_at=AT + timedelta(seconds=120)
    )
    all_at_once(*[lambda: drain_bank(at=AT)] * 3)
    assert StatementEntry.objects.filter(status=EntryStatus.NEW).count() == 40
    drain_bank(at=AT + timedelta(seconds=121))

    counts = {
        status: StatementEntry.objects.filter(status=status).count()
        for status in ("new", "booked", "proposed", "waiting", "outgoing")
    }
    assert counts == {
        "new": 0,
        "booked": story.referenced,
        "proposed": story.proposed,
        "waiting": story.waiting,
        "outgoing": story.outgoing,
    }
    assert not StatementEntry.objects.filter(why=Why.REVERSAL, is_credit=True).exists()
    paid = Invoice.objects.using("system").filter(pk__in=[one.pk for one in story.paid], status="paid")
    assert paid.count() == len(story.paid)
    money = (
        Account.objects.using("system").filter(kind__in=["bank", "fees"]).values_list("balance", flat=True)
    )
    assert -sum(money) == story.credited
    assert find_differences() == []

    before = money_of_all(superuser_connection)
    assert bring(*story.lines).is_new is False
    for kind, version in (("camt.053", "08"), ("camt.053", "02"), ("camt.054", "08")):
        assert bring(*reversed(story.lines), kind=kind, version=version).entries == 0
    assert money_of_all(superuser_connection) == before
