"""What the database refuses of a batch keeps nothing else out, and costs few statements (BIL-11, BIL-16)."""

from contextlib import contextmanager
from random import Random

import pytest

from billing.engine.services import plan_due
from billing.invoices.models import Invoice, InvoiceLine
from billing.renewals.models import Renewal
from billing.runs.models import QuarantinedRow, Run
from manager.outbox.models import OutboxEvent
from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from tests.factories.portfolio import make_portfolio, refused_renewals, refused_rows
from tests.factories.renewals import days_before

DUE = days_before(14)


def count(model, **which):
    """Return how many rows there are."""
    return model.objects.using("system").filter(**which).count()


def noted():
    """Return the ids of the products of which a failure is noted."""
    return sorted(QuarantinedRow.objects.using("system").values_list("subject_id", flat=True))


@contextmanager
def refused_afterwards(connection, products):
    """Let the database refuse renewals of these products meanwhile, at the end of each statement."""
    connection.execute(
        f"""
        CREATE FUNCTION refuse_at_last() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT FROM stored WHERE product_id IN ({", ".join(map(str, products))})) THEN
                RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER refuse_at_last AFTER INSERT ON billing_renewal REFERENCING NEW TABLE AS stored
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_at_last();
        """
    )
    try:
        yield
    finally:
        connection.execute("DROP TRIGGER refuse_at_last ON billing_renewal; DROP FUNCTION refuse_at_last")


def products_called(name, owners):
    """Return the ids of the products with this name."""
    rows = Product.objects.using("system").filter(organization_id__in=owners, name=name)
    return list(rows.values_list("pk", flat=True))


def test_several_bad_products_of_one_invoice_are_all_found_and_the_others_are_on_one(superuser_connection):
    """The first, the last, and some between: each is noted, and none but these."""
    owners = make_portfolio(2, 12)
    bad = [pk for place in (0, 4, 5, 11) for pk in products_called(f"s{place}.example", owners[:1])]
    with refused_renewals(superuser_connection, bad):
        assert plan_due(at=DUE) == 2
    assert noted() == sorted(bad)
    assert count(Invoice, organization_id=owners[0]) == 1
    assert count(Renewal, organization_id=owners[0]) == 8
    assert count(Renewal, organization_id=owners[1]) == 12


@pytest.mark.parametrize("seed", range(6))
def test_whichever_rows_are_bad_these_are_noted_and_all_others_are_planned(superuser_connection, seed):
    """Any number of them, by their renewals or by their lines, in batches of any size."""
    rng = Random(seed)
    owners = make_portfolio(rng.randint(2, 8), rng.randint(1, 15), days=rng.randint(1, 3))
    rows = Product.objects.using("system").filter(organization_id__in=owners)
    products = list(rows.values_list("pk", flat=True))
    bad = rng.sample(products, rng.randint(1, len(products)))
    table = rng.choice(["billing_renewal", "billing_invoiceline"])
    condition = f"NEW.product_id IN ({', '.join(map(str, bad))})"
    with refused_rows(superuser_connection, table, condition):
        plan_due(at=DUE, batch=rng.choice([5, 20, 1000]))
    assert noted() == sorted(bad)
    renewed = Renewal.objects.using("system").values_list("product_id", flat=True)
    assert sorted(renewed) == sorted(set(products) - set(bad))


@pytest.mark.parametrize("bad_ones", [["s3"], ["s11"], ["s0", "s7"]], ids=["one", "the_last", "two"])
def test_so_are_those_that_the_database_refuses_only_when_it_has_seen_all(superuser_connection, bad_ones):
    """A trigger of the statement, as the guard of days is, does not say by its place which one it is."""
    owners = make_portfolio(2, 12)
    bad = [pk for name in bad_ones for pk in products_called(f"{name}.example", owners[:1])]
    with refused_afterwards(superuser_connection, bad):
        assert plan_due(at=DUE) == 2
    assert noted() == sorted(bad)
    assert count(Renewal) == count(InvoiceLine) == 24 - len(bad)


@pytest.mark.parametrize("batch", [1000, 50], ids=["one_batch", "several_batches"])
def test_bad_products_are_left_out_of_their_invoices_and_nothing_else_is(superuser_connection, batch):
    """One batch after the other: the first finds it out, the next ones expect it."""
    owners = make_portfolio(20, 10, days=2)
    bad = products_called("s3.example", owners[:10]) + products_called("s4.example", owners[5:15])
    with refused_renewals(superuser_connection, bad):
        assert plan_due(at=DUE, batch=batch) == 40
    renewed = set(Renewal.objects.using("system").values_list("product_id", flat=True))
    assert renewed == set(Product.objects.using("system").values_list("pk", flat=True)) - set(bad)
    assert count(InvoiceLine) == count(Renewal) == 180
    assert count(OutboxEvent, name="renewal.planned") == count(AuditEvent, name="invoice.drafted") == 40
    for invoice in Invoice.objects.using("system").all():
        lines = InvoiceLine.objects.using("system").filter(invoice=invoice)
        assert invoice.net_amount == sum(line.net_amount for line in lines) > 0
    assert noted() == sorted(bad)
    assert set(QuarantinedRow.objects.using("system").values_list("last_error", flat=True)) == {
        "DataError: refused"
    }


def test_a_batch_with_bad_rows_has_as_many_statements_whatever_their_number(
    superuser_connection, query_count
):
    """Half of the rate of a clean run, with one bad row in a hundred, is a matter of these."""
    counts = []
    for number, names in ((1, ["s3"]), (10, ["s3"]), (10, ["s2", "s5", "s6"])):
        owners = make_portfolio(20, 10)
        bad = [pk for name in names for pk in products_called(f"{name}.example", owners[:number])]
        with refused_renewals(superuser_connection, bad), query_count() as seen:
            assert plan_due(at=DUE) == 20
        counts.append(seen.count)
        Product.objects.using("system").filter(pk__in=bad).update(auto_renew=False)
    assert counts[0] == counts[1] == counts[2] <= 60


def test_an_invoice_of_which_no_product_is_refused_alone_is_left_out_as_a_whole(superuser_connection):
    """Here its event: all of its products are noted, and others are invoiced."""
    bad, *good = make_portfolio(9, 3)
    with refused_rows(superuser_connection, "outbox_outboxevent", f"NEW.organization_id = {bad}"):
        assert plan_due(at=DUE) == 8
    owners = Renewal.objects.using("system").values_list("organization_id", flat=True)
    assert set(owners) == set(good)
    assert count(Invoice, organization_id=bad) == count(InvoiceLine, organization_id=bad) == 0
    assert (Run.objects.get().planned, Run.objects.get().failed) == (24, 3)


@pytest.mark.parametrize(
    "state", ["lock_not_available", "deadlock_detected", "disk_full", "idle_in_transaction_session_timeout"]
)
def test_a_lock_or_a_full_disk_is_nobodys_fault(superuser_connection, state):
    """The batch is left to the next run, and no product is noted for it."""
    owners = make_portfolio(4, 3)
    with refused_renewals(superuser_connection, products_called("s1.example", owners), state=state):
        assert plan_due(at=DUE) == 0
    assert count(Renewal) == count(Invoice) == 0
    assert count(QuarantinedRow) == 0
    assert plan_due(at=DUE) == 4


def test_nor_is_one_that_comes_while_each_is_stored_by_itself(superuser_connection):
    """A bad row first, and then a lock: not even the bad row is judged."""
    owners = make_portfolio(4, 3)
    (bad,) = products_called("s1.example", owners[:1])
    (locked,) = products_called("s2.example", owners[3:])
    with (
        refused_renewals(superuser_connection, [bad]),
        refused_renewals(superuser_connection, [locked], state="lock_not_available", name="wait_for_some"),
    ):
        assert plan_due(at=DUE) == 0
    assert count(Renewal) == 0
    assert count(QuarantinedRow) == 0
