"""An offer that many accept at once, and an invoice that is begun meanwhile."""

import threading

import pytest
from django.db import IntegrityError, connections, transaction

from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from products.transfer.errors import NotTransferable
from tests.factories.billing import make_invoice, make_legal_entity, make_line
from tests.factories.cast import make_tenant
from tests.factories.products import make_product
from tests.factories.transfers import accept, offer


def test_of_ten_who_accept_at_once_one_gets_it() -> None:
    """The product is in one organization, and in no other."""
    giver = make_tenant(name="Giver AG")
    product = make_product(giver)
    transfer = offer(product)
    takers = [make_tenant(name=f"Taker {number}") for number in range(10)]
    gate = threading.Barrier(len(takers))
    outcomes: list[str] = []

    def run(taker) -> None:  # type: ignore[no-untyped-def]
        gate.wait()
        try:
            accept(transfer, taker)
            outcomes.append(taker.name)
        except DomainError:
            outcomes.append("")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(taker,)) for taker in takers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [name for name in outcomes if name]
    owner = Product.objects.using("system").select_related("organization").get(pk=product.pk).organization
    assert (owner.name, len(outcomes)) == (winner, 10)


@pytest.mark.parametrize("first", ["invoice", "transfer"])
def test_an_invoice_that_is_begun_meanwhile_is_seen_or_refused(first: str) -> None:
    """BIL-16: nobody pays for a product that has gone."""
    make_legal_entity()
    giver, taker = make_tenant(name="Giver AG"), make_tenant(name="Taker AG")
    product = make_product(giver)
    transfer = offer(product)
    begun, go_on = threading.Event(), threading.Event()
    outcome: list[str] = []

    def bill() -> None:
        try:
            with tenant_scope(giver.pk), transaction.atomic():
                if first == "transfer":
                    go_on.wait(120)
                make_invoice(giver, [make_line(product=product)], origin="selection")
                begun.set()
                go_on.wait(120)
            outcome.append("billed")
        except (IntegrityError, DomainError):
            outcome.append("refused")
        finally:
            begun.set()
            connections.close_all()

    other = threading.Thread(target=bill)
    other.start()
    if first == "invoice":
        assert begun.wait(120)
        threading.Timer(0.5, go_on.set).start()
        with pytest.raises(NotTransferable):
            accept(transfer, taker)
    else:
        accept(transfer, taker)
        go_on.set()
    other.join()
    assert outcome == ["billed" if first == "invoice" else "refused"]
