"""A refusal outlives the draft whose charge was refused: what is planned anew keeps it (BIL-9, BIL-11)."""

import pytest

from billing.payment_methods.services import set_default
from billing.payments.models import PaymentAttempt
from billing.renewals.charging import drain_charges
from billing.renewals.selectors import REFUSED, describe, list_renewable
from billing.renewals.services import switch_off
from manager.outbox.relay import drain_outbox
from products.inventory.models import Product
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.renewals import ACTOR, days_before, make_renewing, plan, read, renewals_of, run


@pytest.fixture
def organization(psp):
    return make_tenant()


def refuse(method, code):
    provider().set_means(method.reference, behaviour=f"decline_charge:{code}")


def tried(organization):
    attempts = read(lambda: list(PaymentAttempt.objects.order_by("pk")), organization)
    return [(row.method_id, row.status) for row in attempts]


def leave(product, organization, at):
    """Let a product leave the invoice that it shares; the draft is taken back."""
    read(lambda: switch_off(product=product, actor=ACTOR, at=at), organization)


def told(product, organization, at):
    """Return in how many days the page of renewals tells the next charge, None where it tells none."""

    def next_charge():
        known = Product.objects.select_related("plan", "organization").get(pk=product.pk)
        return describe(organization=organization, products=[known], at=at)[0].next_charge_on

    on = read(next_charge, organization)
    return (product.expires_on - on).days if on else None


def reason(product, organization, at):
    """Return whether the page of renewals says that the charge was refused, and why; its filter agrees."""

    def find():
        known = Product.objects.select_related("plan", "organization").get(pk=product.pk)
        (row,) = describe(organization=organization, products=[known], at=at)
        refused = list_renewable(organization=organization, show=REFUSED)
        assert refused.filter(pk=product.pk).exists() == row.is_refused
        return row.is_refused, str(row.decline)

    return read(find, organization)


def test_the_reason_of_a_refusal_outlives_its_draft(organization):
    """BIL-11: it stands on the page before and after all is planned anew, and not with another card."""
    card = make_method(organization)
    refuse(card, "lost_card")
    leaving, staying = make_renewing(organization), make_renewing(organization)
    run(days_before(14))
    before = reason(staying, organization, days_before(14))
    assert before[0]
    assert before[1]
    leave(leaving, organization, days_before(13))
    assert reason(staying, organization, days_before(13)) == before
    run(days_before(13))
    assert reason(staying, organization, days_before(13)) == before
    assert reason(leaving, organization, days_before(13))[0]
    leave(staying, organization, days_before(12))
    read(
        lambda: set_default(
            method=make_method(organization, "pm_card_mastercard"), actor=ACTOR, at=days_before(12)
        ),
        organization,
    )
    assert reason(staying, organization, days_before(12)) == (False, "")


def test_a_card_that_was_refused_for_good_is_not_charged_again(organization):
    """BIL-11: nothing is charged though the draft is another one; the page says so, before and after."""
    card = make_method(organization)
    refuse(card, "lost_card")
    leaving, staying = make_renewing(organization), make_renewing(organization)
    run(days_before(14))
    leave(leaving, organization, days_before(13))
    assert told(staying, organization, days_before(13)) is None
    run(days_before(13))
    assert told(staying, organization, days_before(13)) is None
    run(days_before(7))
    assert tried(organization) == [(card.pk, "failed")]
    (renewal,) = [row for row in renewals_of(organization) if row.status != "cancelled"]
    assert (renewal.status, renewal.next_attempt_on, renewal.attempts) == ("failed", None, 1)
    assert (renewal.product_id, renewal.invoice.status) == (staying.pk, "draft")


def test_a_card_that_may_be_tried_again_waits_for_its_day(organization):
    """BIL-11: 7 days before the expiry, not on the day on which another product left."""
    card = make_method(organization)
    refuse(card, "insufficient_funds")
    leaving, staying = make_renewing(organization), make_renewing(organization)
    run(days_before(14))
    leave(leaving, organization, days_before(13))
    assert told(staying, organization, days_before(13)) == 7
    run(days_before(13))
    assert told(staying, organization, days_before(13)) == 7
    assert tried(organization) == [(card.pk, "failed")]
    run(days_before(7))
    assert tried(organization) == [(card.pk, "failed")] * 2
    assert told(staying, organization, days_before(7)) == 3


def test_it_is_kept_however_often_others_leave(organization):
    """BIL-11: planned anew twice, it is charged as often as the schedule says."""
    card = make_method(organization)
    refuse(card, "insufficient_funds")
    first, second, staying = (make_renewing(organization) for _ in range(3))
    run(days_before(14))
    for product, count in ((first, 12), (second, 10)):
        leave(product, organization, days_before(count))
        run(days_before(count))
    assert told(staying, organization, days_before(10)) == 7
    assert tried(organization) == [(card.pk, "failed")]


def test_the_means_that_was_refused_for_good_stays_left_out_beside_the_next_one(organization):
    """BIL-9: the second card was charged in its place, and is the one that is tried again."""
    first, second = (make_method(organization, card) for card in ("pm_card_visa", "pm_card_mastercard"))
    refuse(first, "lost_card")
    refuse(second, "insufficient_funds")
    leaving, _staying = make_renewing(organization), make_renewing(organization)
    run(days_before(14))
    leave(leaving, organization, days_before(13))
    for count in (13, 7, 0):
        run(days_before(count))
    assert tried(organization) == [(first.pk, "failed")] + [(second.pk, "failed")] * 3


def test_what_is_heard_of_a_refusal_after_the_draft_was_taken_back_counts(organization):
    """BIL-11: the product left between the charge and the message that tells of it."""
    card = make_method(organization)
    refuse(card, "lost_card")
    leaving, staying = make_renewing(organization), make_renewing(organization)
    plan(organization, days_before(14))
    drain_charges(at=days_before(14))
    leave(leaving, organization, days_before(14))
    drain_outbox(at=days_before(14))
    assert told(staying, organization, days_before(14)) is None
    run(days_before(13))
    assert tried(organization) == [(card.pk, "failed")]
    assert [row.status for row in renewals_of(organization)] == ["cancelled", "cancelled", "failed"]


def test_another_means_is_charged_at_once(organization):
    """BIL-9: the refusal is of the card, not of the product."""
    first, second = (make_method(organization, card) for card in ("pm_card_visa", "pm_card_mastercard"))
    refuse(first, "insufficient_funds")
    leaving, staying = make_renewing(organization), make_renewing(organization)
    run(days_before(14))
    leave(leaving, organization, days_before(13))
    read(lambda: set_default(method=second, actor=ACTOR, at=days_before(13)), organization)
    assert told(staying, organization, days_before(13)) == 13
    run(days_before(13))
    assert tried(organization) == [(first.pk, "failed"), (second.pk, "succeeded")]


def test_a_card_saved_since_is_charged_where_the_other_was_refused_for_good(organization):
    """BIL-9: the next one in the order pays at once; the refused one is not asked again."""
    first = make_method(organization)
    refuse(first, "lost_card")
    leaving, staying = make_renewing(organization), make_renewing(organization)
    run(days_before(14))
    second = make_method(organization, "pm_card_mastercard")
    leave(leaving, organization, days_before(13))
    assert told(staying, organization, days_before(13)) == 13
    run(days_before(13))
    assert tried(organization) == [(first.pk, "failed"), (second.pk, "succeeded")]


def test_what_was_never_charged_is_charged_as_before(organization):
    """BIL-11: taken back before its day, planned anew, charged on it."""
    card = make_method(organization)
    leaving, staying = make_renewing(organization), make_renewing(organization)
    plan(organization, days_before(14))
    leave(leaving, organization, days_before(14))
    assert told(staying, organization, days_before(14)) == 14
    run(days_before(14))
    assert tried(organization) == [(card.pk, "succeeded")]
