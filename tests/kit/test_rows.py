"""One row written by a statement that is kept: just as the ORM would write it."""

from datetime import date

import pytest
from django.db import DatabaseError, DataError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Value
from django.db.models.expressions import DatabaseDefault

from billing.invoices.models import InvoiceLine
from billing.ledger.models import Account
from manager.kit.actor import Actor
from manager.kit.database.rows import insert_row, update_row
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.audit.models import AuditEvent
from organizations.audit.services import make_event
from tests.factories.billing import make_invoice, make_legal_entity, make_line
from tests.factories.cast import AT, make_tenant
from tests.factories.products import make_product

ODD = "100 %s of 'it' \\ \"é\" %%"


def event_of(organization, **data):
    """Return an event that is not stored."""
    return make_event(
        organization_id=organization.pk, name="test.written", actor=Actor.system(ODD), at=AT, data=data
    )


def test_a_new_row_has_its_id_and_all_that_was_given():
    """Text of any kind, JSON, moments and what is empty; the id is the database's."""
    alice = make_tenant()
    with tenant_scope(alice.pk):
        first, second = event_of(alice, text=ODD, number=10**12), event_of(alice)
        for event in (first, second):
            insert_row(event)
        assert first.pk < second.pk
        stored = AuditEvent.objects.get(organization_id=alice.pk, pk=first.pk)
    for field in AuditEvent._meta.concrete_fields:
        assert getattr(stored, field.attname) == getattr(first, field.attname)
    assert stored.actor_name == ODD
    assert stored.data == {"text": ODD, "number": 10**12}


def test_an_id_that_is_given_is_kept():
    """Events bring theirs."""
    event = OutboxEvent(name="test.written", organization_id=0, payload={"a": None}, created_at=AT)
    wanted = event.pk
    insert_row(event)
    stored = OutboxEvent.objects.using("system").get(pk=wanted)
    assert (stored.payload, stored.created_at, stored.relayed_at) == ({"a": None}, AT, None)


def test_only_what_is_named_is_changed():
    """Ranges of days and moments as well as nothing."""
    make_legal_entity()
    alice = make_tenant()
    product = make_product(alice)
    invoice = make_invoice(alice, [make_line(12_000, product=product)])
    with tenant_scope(alice.pk):
        line = InvoiceLine.objects.get(organization_id=alice.pk, invoice=invoice)
        line.description, line.fulfilled_at = "not named", AT
        line.period = line.covers = DateRange(date(2031, 1, 31), date(2032, 1, 31))
        update_row(line, ("period", "covers", "fulfilled_at"))
        stored = InvoiceLine.objects.get(organization_id=alice.pk, pk=line.pk)
        assert (stored.period, stored.fulfilled_at) == (line.period, AT)
        assert stored.description != "not named"


def test_a_row_that_is_not_there_is_told():
    """As of an organization that is not in scope."""
    alice, bob = make_tenant(), make_tenant()
    with tenant_scope(alice.pk):
        account = Account(organization_id=alice.pk, kind="prepaid", currency="CHF", balance=0)
        insert_row(account)
    with tenant_scope(bob.pk), pytest.raises(DatabaseError, match="no row"):
        update_row(account, ("kind",))


def test_a_row_of_another_organization_is_refused():
    """SEC-1: row-level security holds for what is written as well."""
    alice, bob = make_tenant(), make_tenant()
    with tenant_scope(bob.pk), pytest.raises(DatabaseError, match="row-level security"):
        insert_row(event_of(alice))


def test_text_that_is_too_long_is_refused_and_not_cut():
    """A cast to the column's own type would cut it."""
    alice = make_tenant()
    event = event_of(alice)
    event.actor_name = "x" * 201
    with tenant_scope(alice.pk), pytest.raises(DataError), transaction.atomic():
        insert_row(event)


def test_no_value_stays_in_the_connection():
    """The statement is kept with its plan, not what was written."""
    alice = make_tenant()
    with tenant_scope(alice.pk):
        insert_row(event_of(alice, text="a secret of Alice"))
    with connection.cursor() as cursor:
        cursor.execute("select statement from pg_prepared_statements where statement like '%auditevent%'")
        kept = [row[0] for row in cursor.fetchall()]
    assert kept
    assert not any("secret" in statement for statement in kept)


def test_what_the_database_makes_is_read():
    """A column of which the row says nothing gets the database's own default."""
    alice = make_tenant()
    event = event_of(alice)
    event.agent = DatabaseDefault(Value("unused"))
    with tenant_scope(alice.pk):
        insert_row(event)
    assert event.agent == ""
