"""What is over is ended and deleted (ACC-10)."""

from datetime import timedelta

import pytest

from accounts.authenticator.models import ApprovalRequest, LinkedPhone, PhoneOffer
from accounts.authenticator.periodic import drain_stale_requests
from accounts.authenticator.services import ask_approval
from accounts.authenticator.status import OPEN, TRANSITIONS, ApprovalStatus
from manager.kit.errors import IllegalTransition
from manager.kit.status import transition
from tests.factories.people import present, register, visitor
from tests.factories.phones import Phone, linked_phone, offer_token


def test_ends_what_nobody_answered_and_leaves_the_rest():
    """ACC-10: after two minutes."""
    old, fresh = register(), register()
    for user, age in ((old, 121), (fresh, 5)):
        linked_phone(user)
        ask_approval(user=user, is_sign_in=True, actor=visitor(), at=present() - timedelta(seconds=age))
    assert drain_stale_requests(at=present()) == 1
    assert ApprovalRequest.objects.get(user=old).status == ApprovalStatus.EXPIRED
    assert ApprovalRequest.objects.get(user=fresh).status == ApprovalStatus.PENDING


def test_does_not_believe_a_day_that_is_still_to_come():
    """`tick --at` ends nobody's sign-in."""
    user = register()
    linked_phone(user)
    ask_approval(user=user, is_sign_in=True, actor=visitor(), at=present())
    offer_token(user)
    drain_stale_requests(at=present() + timedelta(days=400))
    assert ApprovalRequest.objects.get().status == ApprovalStatus.PENDING
    assert PhoneOffer.objects.count() == 1


def test_deletes_what_is_left_over():
    """Requests after a month, offers and phones that nobody confirmed after an hour."""
    user, other = register(), register()
    linked_phone(user)
    Phone().link(token=offer_token(other))
    ask_approval(user=user, is_sign_in=True, actor=visitor(), at=present() - timedelta(days=31))
    drain_stale_requests(at=present())
    PhoneOffer.objects.update(expires_at=present() - timedelta(hours=2))
    LinkedPhone.objects.update(created_at=present() - timedelta(hours=2))
    drain_stale_requests(at=present())
    assert not ApprovalRequest.objects.exists()
    assert not PhoneOffer.objects.exists()
    assert [phone.user for phone in LinkedPhone.objects.all()] == [user]


@pytest.mark.parametrize("status", sorted(set(ApprovalStatus) - set(OPEN)))
def test_what_has_ended_stays_ended(status):
    """ACC-10: no step leads out of an end."""
    request = ApprovalRequest(status=status)
    for wanted in ApprovalStatus:
        with pytest.raises(IllegalTransition):
            transition(request, wanted, TRANSITIONS)
