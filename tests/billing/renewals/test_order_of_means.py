"""The order of saved means: the next one is charged where one is refused for good (BIL-9, BIL-11)."""

import pytest

from billing.payment_methods.moves import move_method
from billing.payment_methods.selectors import default_method, list_methods
from billing.payment_methods.services import ReplacementInvalid, remove_method, use_prepaid
from billing.payments.models import PaymentAttempt
from billing.prepaid.automatic import Wish, change_settings, get_settings
from billing.renewals.models import RenewalPreference
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, make_method, now, provider
from tests.factories.products import reread
from tests.factories.renewals import (
    choose_means,
    days_before,
    mails_called,
    make_renewing,
    read,
    renewals_of,
    run,
)


@pytest.fixture
def organization(psp):
    return make_tenant()


def three_cards(organization):
    cards = ("pm_card_visa", "pm_card_mastercard", "pm_card_amex")
    return [make_method(organization, card) for card in cards]


def refuse(method, code):
    provider().set_means(method.reference, behaviour=f"decline_charge:{code}")


def attempts_of(organization):
    return read(lambda: list(PaymentAttempt.objects.order_by("pk")), organization)


def test_the_next_one_pays_and_nobody_is_troubled(organization):
    """BIL-9: two lost cards, then the third; one mail, with the invoice and what was refused."""
    first, second, third = three_cards(organization)
    refuse(first, "lost_card")
    refuse(second, "expired_card")
    product = make_renewing(organization)
    run(days_before(14))
    run(days_before(13))
    tried = [(row.method_id, row.status) for row in attempts_of(organization)]
    assert tried == [(first.pk, "failed"), (second.pk, "failed"), (third.pk, "succeeded")]
    assert reread(product, organization).expires_on.year == 2028
    assert len(provider().charges()) == 1
    assert mails_called("payment_failed") == []
    [mail] = mails_called("invoice_paid")
    for method in (first, second):
        assert f"{method} was refused before, so the next saved means was charged." in mail.text
        assert f"{method} was refused before, so the next saved means was charged." in mail.html
    assert str(third) in mail.text
    assert "The bank does not accept this card any more." in mail.text
    assert "This card has expired." in mail.text


def test_all_refused_for_good_is_told_once(organization):
    """BIL-11: and none of them is charged again."""
    methods = three_cards(organization)
    for method in methods:
        refuse(method, "lost_card")
    make_renewing(organization)
    for count in (14, 13, 7, 0):
        run(days_before(count))
    assert [row.method_id for row in attempts_of(organization)] == [method.pk for method in methods]
    assert len(mails_called("payment_failed")) == 1
    [renewal] = renewals_of(organization)
    assert (renewal.status, renewal.attempts, renewal.next_attempt_on) == ("failed", 1, None)


def test_a_soft_refusal_waits_and_the_lost_card_is_left_out(organization):
    """BIL-11: the schedule goes on with the one that may still pay."""
    first, second, _third = three_cards(organization)
    refuse(first, "lost_card")
    refuse(second, "insufficient_funds")
    make_renewing(organization)
    run(days_before(14))
    run(days_before(7))
    assert [row.method_id for row in attempts_of(organization)] == [first.pk, second.pk, second.pk]
    assert len(mails_called("payment_failed")) == 2


def test_moving_changes_order_and_default(organization):
    """BIL-9: the default is the first; at the end of the list nothing changes."""
    first, second, third = three_cards(organization)

    def move(method, direction):
        with tenant_scope(organization.pk):
            move_method(method=method, direction=direction, actor=ACTOR, at=now())
            rows = list(list_methods(organization=organization))
            assert [row.is_default for row in rows] == [True, False, False]
            return rows

    assert move(third, "up") == [first, third, second]
    assert move(third, "up") == [third, first, second]
    assert move(third, "up") == [third, first, second]
    assert move(third, "down") == [first, third, second]
    assert move(second, "down") == [first, third, second]


def test_a_replacement_takes_over_in_the_same_step(organization):
    """BIL-9: the default, and what was fixed to the removed means."""
    first, second, third = three_cards(organization)
    product = make_renewing(organization)
    with tenant_scope(organization.pk):
        choose_means(product=product, method=first, actor=ACTOR, at=now())
        with pytest.raises(ReplacementInvalid):
            remove_method(method=first, replacement=first, actor=ACTOR, at=now())
        remove_method(method=first, replacement=third, actor=ACTOR, at=now())
        assert default_method(organization=organization) == third
        assert list(list_methods(organization=organization)) == [third, second]
    drain_outbox(at=now())
    assert read(lambda: RenewalPreference.objects.get().method_id, organization) == third.pk


def test_the_balance_is_not_topped_up_from_itself(organization):
    """BIL-7, BIL-9: where the prepaid account takes the place of the card that topped it up."""
    card = make_method(organization)
    with tenant_scope(organization.pk):
        change_settings(
            organization=organization,
            wish=Wish(auto_below=100, auto_amount=1_000, auto_method=card),
            actor=ACTOR,
            at=now(),
        )
        prepaid = use_prepaid(organization=organization, actor=ACTOR, at=now())
        remove_method(method=card, replacement=prepaid, actor=ACTOR, at=now())
    drain_outbox(at=now())
    assert read(lambda: get_settings(organization=organization).auto_method, organization) == card
