"""The back office's pages of rates and schemes (BIL-6)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.tax.models import Scheme, SellerScheme, TaxChange, TaxRate
from billing.tax.selectors import get_rate, scheme_of
from tests.factories.billing import make_legal_entity
from tests.factories.identity import make_staff, staff_client
from tests.factories.payments import now


@pytest.fixture
def staff():
    return staff_client(make_staff("billing.manage_vat"))


def address(name="", *args):
    return reverse(f"billing:staff_vat{name}", args=args)


def test_a_rate_to_come_is_added_shown_and_taken_back(staff):
    """BIL-6: the one before ends the day before, and goes on when it is taken back; both are kept."""
    day = now().date() + timedelta(days=40)
    form = {"country": "CH", "percent": "8.8", "valid_from": day.isoformat()}
    assert staff.post(address("_add"), form).status_code == 302
    assert [get_rate(country="CH", on=each) for each in (day - timedelta(days=1), day)] == [810, 880]
    page = staff.get(address("_place", "CH")).content.decode()
    assert "8.8%" in page
    coming = TaxRate.objects.get(country="CH", valid_from=day)
    assert "8.8%" in staff.get(address(), {"q": "switz"}).content.decode()
    staff.post(address("_take_back", coming.pk))
    assert get_rate(country="CH", on=day) == 810
    assert TaxChange.objects.filter(subject="rate:CH").count() == 2
    assert "Taken back" in staff.get(address("_history")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_from": now().date().isoformat()}, "valid_from"),
        ({"valid_from": "3000-01-01"}, "valid_from"),
        ({"percent": "101"}, "percent"),
        ({"percent": "8.123"}, "percent"),
        ({"country": "US"}, "country"),
    ],
    ids=["today", "far", "too high", "too fine", "no rate there"],
)
def test_refuses_a_rate_beside_its_field(staff, wrong, field):
    """BIL-6: what was sold keeps its rate, so a new one lies ahead."""
    form = {"country": "CH", "percent": "9", "valid_from": "2190-01-01", **wrong}
    answer = staff.post(address("_add"), form)
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert get_rate(country="CH", on=now().date()) == 810


def test_a_rate_in_force_stays(staff):
    """BIL-6: it has been charged."""
    answer = staff.post(address("_take_back", TaxRate.objects.get(country="CH", valid_until=None).pk))
    assert answer.status_code == 409
    assert get_rate(country="CH", on=now().date()) == 810


def test_a_company_is_under_one_scheme_at_a_time(staff):
    """BIL-6: the registration in the one-stop shop ends the time below the threshold."""
    seller = make_legal_entity()
    for scheme, day in ((Scheme.HOME_RATE, "2026-01-01"), (Scheme.ONE_STOP_SHOP, "2026-07-01")):
        form = {"seller": seller.pk, "scheme": scheme, "number": "EU123", "valid_from": day}
        assert staff.post(address("_scheme"), form).status_code == 302
    assert [row.scheme for row in SellerScheme.objects.order_by("valid_from")] == [
        "home_rate",
        "one_stop_shop",
    ]
    assert scheme_of(seller=seller, on=now().date().replace(year=2026, month=6, day=30)) == Scheme.HOME_RATE
    assert staff.post(address("_scheme"), form).status_code == 422
    assert "EU123" in staff.get(address()).content.decode()


def test_customers_processes_change_neither(as_role):
    """BIL-6: who is taxed how is the operator's word."""
    for table in ("billing_taxrate", "billing_sellerscheme", "billing_taxchange"):
        with pytest.raises(Exception, match="permission denied"):
            as_role("web").execute(f"DELETE FROM {table}")
