"""Money set aside for an invoice: reserved, captured, released; what the database refuses (BIL-3, BIL-16)."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from billing.reservations.models import Reservation
from billing.reservations.selectors import due_of, reserved_for
from billing.reservations.services import (
    BalanceTooLow,
    NotReservable,
    ReservationKeyReused,
    TooMuchReserved,
    capture_reservations,
    release_reservations,
    reserve_prepaid,
    reserve_transfer,
)
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.billing import AT, make_invoice, make_legal_entity, make_line
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, close_connections, entries_of, fill_prepaid


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def invoice(organization):
    make_legal_entity()
    return make_invoice(organization, [make_line(10_000)])


@pytest.fixture(autouse=True)
def scope(organization):
    with tenant_scope(organization.pk):
        yield


def chf(amount):
    return Money(amount, "CHF")


def set_aside(invoice, amount, key="a", **more):
    return reserve_prepaid(invoice=invoice, money=chf(amount), key=key, actor=ACTOR, at=AT, **more)


def balance(organization, kind):
    return get_balance(organization=organization, kind=kind, currency="CHF").amount


def test_sets_a_part_of_the_balance_aside_and_gives_it_back(organization, invoice):
    """BIL-3: once for each key; released once, however often it is asked for."""
    fill_prepaid(organization, 5000)
    first = set_aside(invoice, 4000, attempt_id=7)
    assert set_aside(invoice, 4000, attempt_id=7) == first
    assert reserved_for(invoice=invoice) == chf(4000)
    assert due_of(invoice=invoice) == chf(invoice.total_amount - 4000)
    assert balance(organization, AccountKind.RESERVED) == 4000
    assert release_reservations(invoice=invoice, at=AT, attempt_id=8) == chf(0)
    assert release_reservations(invoice=invoice, at=AT, attempt_id=7) == chf(4000)
    assert release_reservations(invoice=invoice, at=AT) == chf(0)
    assert entries_of(organization, AccountKind.PREPAID) == [5000, -4000, 4000]
    assert balance(organization, AccountKind.RESERVED) == 0


def test_uses_all_that_is_set_aside_when_the_invoice_is_settled(organization, invoice):
    """BIL-16: prepaid and transferred money alike, reserved to receivable."""
    fill_prepaid(organization, 1000)
    set_aside(invoice, 1000)
    reserve_transfer(invoice=invoice, money=chf(2500), key="transfer:1", actor=ACTOR, at=AT)
    assert capture_reservations(invoice=invoice, at=AT) == chf(3500)
    assert capture_reservations(invoice=invoice, at=AT) == chf(0)
    assert reserved_for(invoice=invoice) == chf(0)
    assert entries_of(organization, AccountKind.RECEIVABLE) == [1000, 2500]
    assert entries_of(organization, AccountKind.BANK)[1:] == [-2500]


def test_a_transfer_that_is_released_becomes_balance(organization, invoice):
    """BIL-17: the money stays with the organization."""
    reserve_transfer(invoice=invoice, money=chf(2500), key="transfer:1", actor=ACTOR, at=AT)
    release_reservations(invoice=invoice, at=AT)
    assert balance(organization, AccountKind.PREPAID) == 2500


def test_refuses_what_the_balance_the_invoice_or_the_key_does_not_allow(organization, invoice):
    """BIL-7, BIL-16: nothing is written by a refusal."""
    fill_prepaid(organization, 100)
    with pytest.raises(BalanceTooLow):
        set_aside(invoice, 101)
    with pytest.raises(TooMuchReserved):
        set_aside(invoice, 0)
    with pytest.raises(TooMuchReserved):
        reserve_prepaid(invoice=invoice, money=Money(5, "EUR"), key="e", actor=ACTOR, at=AT)
    set_aside(invoice, 60)
    with pytest.raises(ReservationKeyReused):
        set_aside(invoice, 30)
    over = invoice.total_amount - 60 + 1
    with pytest.raises(TooMuchReserved):
        reserve_transfer(invoice=invoice, money=chf(over), key="t", actor=ACTOR, at=AT)
    Invoice.objects.filter(organization_id=organization.pk).update(status="cancelled")
    with pytest.raises(NotReservable):
        set_aside(invoice, 30, key="b")
    assert [row.amount for row in Reservation.objects.filter(organization_id=organization.pk)] == [60]
    assert entries_of(organization, AccountKind.RESERVED) == [60]


def test_parallel_reservations_never_exceed_the_invoice_nor_the_balance(organization, invoice):
    """INC-24: twenty at once over a fifth of the invoice, with a balance for three of them."""
    share = invoice.total_amount // 5
    fill_prepaid(organization, 3 * share)

    def attempt(number):
        try:
            with tenant_scope(organization.pk):
                set_aside(invoice, share, key=f"k{number}")
        except (BalanceTooLow, TooMuchReserved):
            return False
        finally:
            close_connections()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(20))) == 3
    assert balance(organization, AccountKind.PREPAID) == 0
    assert reserved_for(invoice=invoice) == chf(3 * share)


INSERT = (
    "insert into billing_reservation"
    " (organization_id, invoice_id, source, amount, currency, key, created_at, captured_at)"
    " select organization_id, invoice_id, 'prepaid', {amount}, 'CHF', 'x', now(), {captured}"
    " from billing_reservation"
)
ATTACKS = {
    "more than the invoice": INSERT.format(amount=1_000_000, captured="null"),
    "another amount": "update billing_reservation set amount = amount + 1",
    "another key": "update billing_reservation set key = 'y'",
    "ends twice": "update billing_reservation set captured_at = null, released_at = now()",
    "deleted": "delete from billing_reservation",
    "born captured": INSERT.format(amount=1, captured="now()"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(organization, invoice, as_role, attack):
    """BIL-16: what a stolen connection of the web role cannot do; another tenant sees nothing."""
    fill_prepaid(organization, 100)
    set_aside(invoice, 60)
    if attack == "ends twice":
        release_reservations(invoice=invoice, at=AT)
    connection = as_role("web")
    connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    with pytest.raises(psycopg.Error):
        connection.execute(ATTACKS[attack])
    connection.execute("select set_config('app.organization', '0', false)")
    assert connection.execute("select count(*) from billing_reservation").fetchone() == (0,)
