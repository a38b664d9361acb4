"""Saved means: add, name, default, remove (BIL-9)."""

import threading
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from billing.gateway.vocabulary import Means, MeansKind
from billing.payment_methods.models import MethodSetup, PaymentMethod
from billing.payment_methods.selectors import default_method
from billing.payment_methods.services import (
    MethodRemoved,
    remove_method,
    rename_method,
    save_method,
    set_default,
    use_prepaid,
)
from manager.kit.scope import tenant_scope
from products.inventory.services import set_auto_renew
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.payments import ACTOR, close_connections, make_method, now, provider
from tests.factories.products import make_product, reread


@pytest.fixture
def page(owner):
    return client_of(owner)


def save(organization, number):
    with tenant_scope(organization.pk):
        means = Means(
            reference=f"pm_{number}",
            kind=MeansKind.CARD,
            last4="4242",
            brand="visa",
            fingerprint=f"f{number}",
        )
        return save_method(
            organization_id=organization.pk, gateway="stripe", means=means, actor=ACTOR, at=now()
        )


def url(name, organization, *more):
    return reverse(f"billing:{name}", args=[organization.pk, *more])


def test_adds_one_on_the_page_of_the_provider(psp, organization, page):
    """BIL-9."""
    away = page.post(url("add_payment_method", organization), {"kind": "card"})
    back = provider().pay_checkout(away.url)
    shown = page.get(back, follow=True)
    assert "Visa •••• 4242 was saved." in unescape(shown.content.decode())
    with tenant_scope(organization.pk):
        assert PaymentMethod.objects.get().is_default
        assert MethodSetup.objects.get().finished_at is not None
    page.get(back)
    with tenant_scope(organization.pk):
        assert PaymentMethod.objects.count() == 1


def test_the_same_card_is_one_row(psp, organization):
    """BIL-9: entered again, it is known."""
    first = make_method(organization)
    assert make_method(organization).pk == first.pk


def test_one_of_many_at_once_is_the_default(organization):
    """BIL-9: by constraint and lock."""
    start = threading.Barrier(12)

    def work(number):
        start.wait()
        save(organization, number)
        close_connections()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(organization.pk):
        assert PaymentMethod.objects.count() == 12
        assert PaymentMethod.objects.filter(is_default=True).count() == 1


def test_another_one_becomes_the_default(organization):
    """BIL-9."""
    first, second = save(organization, 1), save(organization, 2)
    with tenant_scope(organization.pk):
        set_default(method=second, actor=ACTOR, at=now())
        assert default_method(organization=organization) == second
    assert reread(first, organization).is_default is False


def test_removing_the_default_hands_it_on(psp, organization):
    """BIL-9: and the provider forgets the means."""
    first = make_method(organization)
    second = save(organization, 2)
    with tenant_scope(organization.pk):
        remove_method(method=first, actor=ACTOR, at=now())
        assert default_method(organization=organization) == second
        with pytest.raises(MethodRemoved):
            rename_method(method=first, name="x", actor=ACTOR, at=now())
    assert provider().get(f"/v1/payment_methods/{first.reference}")["customer"] is None


def test_warns_of_what_renews_with_it(organization, page):
    """BIL-9: refused or warned where auto-renewal uses it."""
    product = make_product(organization)
    with tenant_scope(organization.pk):
        method = use_prepaid(organization=organization, actor=ACTOR, at=now())
        set_auto_renew(product=product, on=True, actor=ACTOR, at=now())
    text = page.get(url("remove_payment_method", organization, method.pk)).content.decode()
    assert product.name in text
    page.post(url("remove_payment_method", organization, method.pk))
    assert reread(method, organization).removed_at is not None


def test_shows_the_expiry(psp, organization, page):
    """BIL-9."""
    method = make_method(organization)
    with tenant_scope(organization.pk):
        PaymentMethod.objects.filter(pk=method.pk).update(expiry_month=1, expiry_year=2020)
    text = page.get(url("payment_methods", organization)).content.decode()
    assert "01/2020" in text
    assert "Expired" in text
    row = PaymentMethod(expiry_month=12, expiry_year=2026)
    assert row.expires_soon(date(2026, 11, 22))
    assert not row.expires_soon(date(2026, 9, 30))
    assert row.has_expired(date(2027, 1, 1))
    assert not row.has_expired(date(2026, 12, 31))


@pytest.mark.parametrize("name", ["x" * 61, "a\x07b"])
def test_refuses_strange_names(organization, page, name):
    """Bad input is told beside the field."""
    method = save(organization, 1)
    assert page.post(url("rename_payment_method", organization, method.pk), {"name": name}).status_code == 422


def test_renames(organization, page):
    """BIL-9."""
    method = save(organization, 1)
    page.post(url("rename_payment_method", organization, method.pk), {"name": "Accounts department"})
    assert str(reread(method, organization)) == "Accounts department"


def test_is_closed_to_others(organization):
    """ORG-17."""
    method = save(organization, 1)
    member, stranger = make_member(organization), make_person("Charlie Stone")
    other = make_tenant(stranger)
    for name, more in (("payment_methods", ()), ("remove_payment_method", (method.pk,))):
        assert client_of(member).get(url(name, organization, *more)).status_code == 403
        assert client_of(stranger).get(url(name, organization, *more)).status_code == 404
    foreign = client_of(stranger).post(url("remove_payment_method", other, method.pk))
    assert foreign.status_code == 404
    assert reread(method, organization).removed_at is None
