"""The notice of a low balance, and the top-up that happens by itself (BIL-7, BIL-16)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from billing.gateway.declines import message_for
from billing.ledger.models import AccountKind
from billing.payment_methods.models import PaymentMethod
from billing.payments.errors import MethodExpired
from billing.payments.models import PaymentAttempt
from billing.prepaid.automatic import (
    ThresholdInvalid,
    Wish,
    change_settings,
    drain_prepaid,
    get_settings,
    top_up_by_itself,
)
from billing.prepaid.selectors import prepaid_balance
from billing.prepaid.services import TopUpOutOfRange
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent, OutgoingMail
from manager.outbox.relay import drain_outbox
from tests.billing.webhooks.sending import send_all
from tests.factories.amounts import chf
from tests.factories.cast import client_of, make_tenant
from tests.factories.payments import (
    ACTOR,
    close_connections,
    entries_of,
    fill_prepaid,
    make_method,
    now,
    provider,
)
from tests.isolation.world import make_token


def choose(organization, **wish):
    with tenant_scope(organization.pk):
        change_settings(organization=organization, wish=Wish(**wish), actor=ACTOR, at=now())


def automatic(organization, method):
    choose(organization, auto_below=2000, auto_amount=5000, auto_method=method)


def told(organization, name):
    with tenant_scope(organization.pk):
        return OutboxEvent.objects.filter(name=name).count()


def balance(organization):
    with tenant_scope(organization.pk):
        return prepaid_balance(organization=organization).amount


def test_tells_once_for_each_time_below(organization):
    """BIL-7: not again until it was above, and then again."""
    choose(organization, notice_below=1000)
    for _again in range(2):
        drain_prepaid(at=now())
    assert told(organization, "prepaid.low") == 1
    fill_prepaid(organization, 1000)
    for _again in range(2):
        drain_prepaid(at=now())
    assert told(organization, "prepaid.low") == 1
    choose(organization, notice_below=1001)
    drain_prepaid(at=now())
    assert told(organization, "prepaid.low") == 2
    drain_outbox(at=now())
    mails = OutgoingMail.objects.using("system").filter(template="prepaid_low")
    assert mails.count() == 2


def test_tops_up_once_from_the_saved_means(psp, organization):
    """BIL-7, BIL-16: eight workers at once charge once; above the threshold nothing happens."""
    automatic(organization, make_method(organization))

    def work(_number):
        try:
            with tenant_scope(organization.pk):
                top_up_by_itself(organization=organization, at=now())
        finally:
            close_connections()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    drain_prepaid(at=now())
    assert [charge["amount"] for charge in provider().charges()] == [5000]
    assert entries_of(organization, AccountKind.PREPAID) == [5000]


def test_tops_up_three_times_a_day_at_most(psp, organization):
    """BIL-7: a threshold above the sum does not empty the card."""
    choose(organization, auto_below=100_000, auto_amount=1000, auto_method=make_method(organization))
    for _again in range(5):
        drain_prepaid(at=now())
    assert balance(organization) == 3000


@pytest.mark.parametrize("card", ["pm_card_chargeCustomerFail", "pm_card_authenticationRequired"])
def test_stops_after_three_refusals_in_a_row(psp, organization, card):
    """BIL-7: each tried again after six hours; a mail tells it, and saving again switches it on."""
    automatic(organization, make_method(organization, card))
    for hours in (0, 1, 7, 14, 21, 28, 35):
        drain_prepaid(at=now() + timedelta(hours=hours))
    with tenant_scope(organization.pk):
        attempts = PaymentAttempt.objects.count()
        assert get_settings(organization=organization).stopped_at is not None
    assert attempts == 3
    assert balance(organization) == 0
    assert told(organization, "prepaid.auto_stopped") == 1
    drain_outbox(at=now() + timedelta(hours=36))
    assert OutgoingMail.objects.using("system").filter(template="prepaid_auto_stopped").count() == 1
    automatic(organization, make_method(organization))
    drain_prepaid(at=now() + timedelta(hours=60))
    assert balance(organization) == 5000


def expire(method):
    with tenant_scope(method.organization_id):
        PaymentMethod.objects.filter(pk=method.pk).update(expiry_year=2025, expiry_month=1)
        method.refresh_from_db()


def test_a_card_that_has_ended_is_not_sent_to_the_provider(psp, organization):
    """BIL-7, BIL-9: it is switched off at once, and the mail tells why; nobody was called."""
    method = make_method(organization)
    automatic(organization, method)
    expire(method)
    for hours in (0, 7):
        drain_prepaid(at=now() + timedelta(hours=hours))
    with tenant_scope(organization.pk):
        assert PaymentAttempt.objects.count() == 0
        assert get_settings(organization=organization).stopped_at is not None
    assert provider().charges() == []
    assert told(organization, "prepaid.auto_stopped") == 1
    drain_outbox(at=now() + timedelta(hours=8))
    [mail] = OutgoingMail.objects.using("system").filter(template="prepaid_auto_stopped")
    for body in (mail.text, mail.html):
        assert str(MethodExpired.message) in body
        assert "three times" not in body


def test_a_means_that_is_refused_for_good_is_not_tried_again(psp, organization):
    """BIL-7, BIL-11: switched off at once, with the reason; saved again with another one it goes on."""
    method = make_method(organization)
    automatic(organization, method)
    provider().set_means(method.reference, behaviour="decline_charge:stolen_card")
    for hours in (0, 1, 7, 14):
        drain_prepaid(at=now() + timedelta(hours=hours))
    with tenant_scope(organization.pk):
        assert PaymentAttempt.objects.count() == 1
        assert get_settings(organization=organization).stopped_at is not None
    assert told(organization, "prepaid.auto_stopped") == 1
    drain_outbox(at=now() + timedelta(hours=15))
    [mail] = OutgoingMail.objects.using("system").filter(template="prepaid_auto_stopped")
    assert str(message_for("card_blocked")) in mail.text
    automatic(organization, make_method(organization, "pm_card_mastercard"))
    drain_prepaid(at=now() + timedelta(hours=16))
    assert balance(organization) == 5000


def test_a_card_that_has_ended_cannot_be_chosen(psp, organization, owner):
    """BIL-7, BIL-9: the page names the field; what was chosen before stands, and the rest can be changed."""
    method = make_method(organization)
    automatic(organization, method)
    expire(method)
    choose(organization, notice_below=500, auto_below=2000, auto_amount=5000, auto_method=method)
    other = make_method(organization, "pm_card_mastercard")
    expire(other)
    with pytest.raises(MethodExpired) as refusal:
        choose(organization, auto_below=2000, auto_amount=5000, auto_method=other)
    assert refusal.value.field == "auto_method"
    url = reverse("billing:prepaid_settings", args=[organization.pk])
    fields = {"auto_below": "20.00", "auto_amount": "50.00", "auto_method": other.pk}
    answer = client_of(owner).post(url, fields)
    assert (answer.status_code, str(MethodExpired.message) in answer.content.decode()) == (422, True)
    with tenant_scope(organization.pk):
        row = get_settings(organization=organization)
        assert (row.auto_method_id, row.notice_below) == (method.pk, 500)


def test_refuses_half_a_wish(psp, organization):
    """BIL-7."""
    method = make_method(organization)
    with pytest.raises(ThresholdInvalid):
        choose(organization, auto_below=2000)
    with pytest.raises(TopUpOutOfRange):
        choose(organization, auto_below=2000, auto_amount=9, auto_method=method)
    with pytest.raises(ThresholdInvalid):
        choose(organization, auto_below=2000, auto_amount=500, auto_method=make_method(make_tenant()))


def test_the_page_and_the_api_set_it(psp, organization, owner):
    """BIL-7, API-1."""
    method = make_method(organization)
    page = client_of(owner)
    url = reverse("billing:prepaid_settings", args=[organization.pk])
    fields = {"notice_below": "5.00", "auto_below": "20.00", "auto_amount": "50.00", "auto_method": method.pk}
    assert page.post(url, {**fields, "pays_renewals": "on"}).status_code == 302
    assert page.post(url, {**fields, "auto_amount": "0.05"}).status_code == 422
    assert page.post(url, {**fields, "auto_method": ""}).status_code == 422
    token = make_token(owner, scopes=("billing:read", "billing:write"), bound=organization.pk)[1]
    headers = {"Authorization": f"Bearer {token}"}
    api = f"/api/1/organizations/{organization.pk}/prepaid/settings"
    stored = {"notice_below": chf(500), "auto_below": chf(2000), "auto_amount": chf(5000)}
    stored |= {"auto_method": method.pk, "stopped_at": None, "pays_renewals": True}
    assert Client().get(api, headers=headers).json()["data"] == stored
    changed = Client().put(api, {"notice_below": chf(700)}, content_type="application/json", headers=headers)
    now_set = changed.json()["data"]
    assert (changed.status_code, now_set["auto_below"], now_set["pays_renewals"]) == (200, None, False)


def test_a_disputed_means_is_not_charged_by_itself(psp, organization):
    """BIL-14: its bank may take the next payment back as well; once that is decided for us, it is."""
    method = make_method(organization)
    automatic(organization, method)
    with tenant_scope(organization.pk):
        attempt = top_up_by_itself(organization=organization, at=now())
    number = provider().dispute(attempt.charge_reference)
    send_all(prefix="charge.dispute", times=1, chance=Random(1))
    fill_prepaid(organization, -5_000)
    drain_prepaid(at=now())
    assert len(provider().charges()) == 1
    provider().dispute(number, won=True)
    send_all(prefix="charge.dispute", times=1, chance=Random(2))
    drain_prepaid(at=now())
    assert len(provider().charges()) == 2
