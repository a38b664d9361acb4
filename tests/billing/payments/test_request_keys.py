"""Keys of programs never meet the names that the panel gives its own work (API-5, INC-27)."""

import hashlib
from datetime import timedelta

import pytest

from billing.ledger.models import AccountKind
from billing.payments.models import Initiator, PaymentAttempt
from billing.payments.request_keys import key_from_outside
from billing.payments.services import charge_off_session, pay_with_method, top_up_from_method
from billing.prepaid.automatic import Wish, change_settings, top_up_by_itself
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import ACTOR, entries_of, make_method, make_order_invoice, now, provider
from tests.isolation.world import make_token

FIFTY = Money(5000, "CHF")


@pytest.fixture
def organization():
    return make_tenant()


def top_up(organization: Organization, method, key: str) -> PaymentAttempt:
    with tenant_scope(organization.pk):
        return top_up_from_method(
            organization=organization, money=FIFTY, method=method, request_key=key, actor=ACTOR, at=now()
        )


def test_no_key_from_outside_stops_the_automatic_top_up(psp, client):
    """BIL-7: a program takes the names that the automatic top-up would have; it happens all the same."""
    owner = make_person()
    organization = make_tenant(owner)
    method = make_method(organization)
    secret = make_token(owner, scopes=("billing:write",), bound=organization.pk)[1]
    for key in ("auto-top-up:0", "api:auto-top-up:0"):
        answer = client.post(
            f"/api/1/organizations/{organization.pk}/prepaid/top-ups",
            {"amount": FIFTY.as_dict(), "method": method.pk},
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": key},
        )
        assert answer.status_code == 201
    with tenant_scope(organization.pk):
        wish = Wish(auto_below=20_000, auto_amount=3000, auto_method=method)
        change_settings(organization=organization, wish=wish, actor=ACTOR, at=now())
        attempt = top_up_by_itself(organization=organization, at=now() + timedelta(minutes=1))
    assert attempt is not None
    assert (attempt.initiator, attempt.request_key) == (Initiator.AUTO, "auto-top-up:0")
    assert entries_of(organization, AccountKind.PREPAID) == [5000, 5000, 3000]


def test_no_key_from_outside_passes_for_a_renewal(psp, organization):
    """BIL-10: the charge of the day happens although a program took its name for another payment."""
    method = make_method(organization)
    invoice, _product = make_order_invoice(organization)
    name = f"renewal:{invoice.pk}:2026-11-23:{method.pk}"
    top_up(organization, method, key_from_outside(name))
    with tenant_scope(organization.pk):
        charged = charge_off_session(invoice=invoice, method=method, actor=ACTOR, at=now(), request_key=name)
    assert (charged.initiator, charged.status) == (Initiator.RENEWAL, "succeeded")


def test_a_name_is_never_a_key_that_could_be_sent():
    """API-5: the space in it; long ones are hashed and fit, none stays none."""
    limit = PaymentAttempt._meta.get_field("request_key").max_length
    for key in ("k", "x" * 100, "x" * 101, "x" * 255):
        name = key_from_outside(key)
        assert " " in name
        assert len(name) <= limit
    assert key_from_outside("") == ""
    assert key_from_outside("x" * 101) != key_from_outside("x" * 102)


@pytest.mark.parametrize("key", ["monthly", "x" * 255])
def test_what_was_begun_under_the_plain_key_is_not_begun_again(psp, organization, key):
    """INC-27: attempts of programs bore the plain key before; the answer that was kept may be gone."""
    method = make_method(organization)
    invoice, _product = make_order_invoice(organization)
    plain = key if len(key) <= 100 else hashlib.sha256(key.encode()).hexdigest()
    before = top_up(organization, method, plain)
    assert top_up(organization, method, key_from_outside(key)).pk == before.pk
    with tenant_scope(organization.pk):
        paid = pay_with_method(invoice=invoice, method=method, actor=ACTOR, at=now(), request_key="pay")
        again = pay_with_method(
            invoice=invoice, method=method, actor=ACTOR, at=now(), request_key=key_from_outside("pay")
        )
    assert again.pk == paid.pk
    assert len(provider().charges()) == 2
