"""Planning in sets: as many statements at any size, good rows beside bad ones, side by side (BIL-11)."""

import threading
from collections import Counter

import pytest

from billing.engine.services import plan_due, plan_renewals
from billing.invoices.models import Invoice, InvoiceLine
from billing.renewals.models import Renewal
from billing.runs.models import QuarantinedRow, Run
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.payments import close_connections
from tests.factories.portfolio import make_portfolio, refused_renewals
from tests.factories.products import make_plan
from tests.factories.renewals import ACTOR, days_before

DUE = days_before(14)


def renewed() -> Counter[int]:
    """Return how often each product is on a renewal that is not cancelled."""
    rows = Renewal.objects.using("system").exclude(status="cancelled")
    return Counter(rows.values_list("product_id", flat=True))


def everything() -> list[tuple[object, ...]]:
    """Return all that planning wrote, by organization and product, without ids and keys."""
    lines = InvoiceLine.objects.using("system").order_by("organization_id", "product_id", "position")
    return list(
        lines.values_list(
            "organization_id",
            "product__name",
            "position",
            "description",
            "quantity",
            "unit_amount",
            "net_amount",
            "tax_rate",
            "tax_amount",
            "period",
            "covers",
            "invoice__origin_key",
            "invoice__total_amount",
            "invoice__tax_amount",
            "invoice__buyer",
            "invoice__language",
        )
    )


class TestStatements:
    def test_are_as_many_for_a_batch_whatever_its_size_and_their_number(self, query_count):
        """At most one for 20 products; ten times the batches have ten times the statements, and no more."""
        counts = {}
        for batches in (2, 20):
            make_portfolio(batches * 2, 5)
            with query_count() as seen:
                assert plan_due(at=DUE, batch=10) == batches * 2
            counts[batches] = seen.count
            assert plan_due(at=DUE, batch=10) == 0
        make_portfolio(50, 20, days=5)
        with query_count() as seen:
            assert plan_due(at=DUE) == 250
        large = seen.count
        a_batch = (counts[20] - counts[2]) / 18
        assert a_batch <= 25, counts
        assert large <= counts[2]  # two batches of 500 as two of 10
        assert large / 1000 <= 0.05

    def test_are_few_when_nothing_is_due(self, query_count):
        """An empty run asks once."""
        make_portfolio(3, 3)
        with query_count() as seen:
            assert plan_due(at=days_before(40)) == 0
        assert seen.count == 1


class TestWhatIsWritten:
    def test_is_the_same_for_one_organization_and_for_many(self):
        """There is one path: what a batch writes is what each organization's own planning writes."""
        owners = make_portfolio(4, 6, days=3)
        plan_due(at=DUE)
        together = everything()
        for row in Renewal.objects.using("system").all():
            assert (row.status, row.method_id is not None, row.attempts) == ("planned", True, 0)
        facts = Counter(AuditEvent.objects.using("system").values_list("organization_id", "name"))
        assert all(facts[key, "invoice.drafted"] == 3 for key in owners)
        assert OutboxEvent.objects.using("system").filter(name="renewal.planned").count() == 12
        Renewal.objects.using("system").update(status="cancelled")
        InvoiceLine.objects.using("system").update(counts=False)
        Invoice.objects.using("system").update(status="cancelled")
        for key in owners:
            with tenant_scope(key):
                organization = Organization.objects.get(pk=key)
                assert len(plan_renewals(organization=organization, actor=ACTOR, at=DUE)) == 3
        alone = [row for row in everything() if row not in together]
        assert alone == []
        assert len(everything()) == 2 * len(together)

    def test_sums_are_those_of_the_lines(self):
        """BIL-6: rounded once per line."""
        make_portfolio(3, 7, days=2)
        plan_due(at=DUE)
        for invoice in Invoice.objects.using("system").all():
            lines = InvoiceLine.objects.using("system").filter(invoice=invoice)
            assert invoice.net_amount == sum(line.net_amount for line in lines)
            assert invoice.tax_amount == sum(line.tax_amount for line in lines) > 0

    def test_the_run_is_reported(self):
        """Counts and money, as staff see them."""
        make_portfolio(3, 2)
        plan_due(at=DUE)
        run = Run.objects.get()
        total = sum(Invoice.objects.using("system").values_list("total_amount", flat=True))
        assert (run.kind, run.planned, run.failed, run.money) == ("planning", 6, 0, {"CHF": total})


class TestBadRows:
    @pytest.fixture(params=["AmountTooLarge", "DataError"])
    def refused(self, request):
        """By whom: by the engine, which computes no such price, or by the database."""
        return request.param

    @pytest.fixture
    def bad(self, refused, superuser_connection):
        """Products whose price is beyond what an amount can be, or whose renewal the database refuses."""
        owners = make_portfolio(30, 10, days=2)
        rows = Product.objects.using("system").filter(organization_id__in=owners[::10], name="s5.example")
        ids = list(rows.values_list("pk", flat=True))
        if refused == "DataError":
            with refused_renewals(superuser_connection, ids):
                yield ids
            return
        rows.update(plan=make_plan(prices={("CHF", 12): 2**62}))
        yield ids

    def test_keep_no_good_one_from_its_invoice(self, bad, refused):
        """One in a hundred: each good product is renewed once, with the others of its day."""
        assert plan_due(at=DUE) == 60
        assert set(renewed().values()) == {1}
        assert len(renewed()) == 297
        assert not set(bad) & renewed().keys()
        lines = Invoice.objects.using("system").values_list("lines__product", flat=True)
        assert len(lines) == 297
        assert Run.objects.get().reasons == {refused: 3}

    def test_are_in_quarantine_after_the_third_time(self, bad, query_count):
        """From then on a run does not look at them; released, they are tried again."""
        for _ in range(3):
            plan_due(at=DUE)
        waiting = QuarantinedRow.objects.using("system").filter(quarantined_at__isnull=False)
        assert sorted(waiting.values_list("subject_id", flat=True)) == sorted(bad)
        with query_count() as seen:
            assert plan_due(at=DUE) == 0
        assert seen.count == 1


def test_a_batch_that_grew_beyond_a_page_leaves_nothing_out(monkeypatch):
    """BIL-11: a page ends within one organization, and the next one begins there, not in all of them."""
    monkeypatch.setattr("billing.engine.services.MOST_TOGETHER", 7)
    make_portfolio(5, 4, days=2)
    plan_due(at=DUE)
    assert (len(renewed()), set(renewed().values())) == (20, {1})


def test_several_engines_at_once_plan_each_product_once():
    """BIL-16: they leave alone what another one has taken, and nothing is left over."""
    make_portfolio(40, 5)
    start, failures, planned = threading.Barrier(3), [], []

    def work():
        try:
            start.wait()
            planned.append(plan_due(at=DUE, batch=20))
        except Exception as error:  # noqa: BLE001  (shown by the test)
            failures.append(error)
        finally:
            close_connections()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    planned.append(plan_due(at=DUE))
    assert failures == []
    assert sum(planned) == 40
    assert (len(renewed()), set(renewed().values())) == (200, {1})
