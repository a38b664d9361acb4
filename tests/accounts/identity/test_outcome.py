"""ACC-12: what an approval brings: a password link that works once, factors removed after a day."""

import re
from datetime import timedelta

import pytest

from accounts.identity.periodic import drain_identity
from accounts.identity.services import approve_case, use_result, withdraw_case
from accounts.identity.services.refusals import TooLateToStop
from accounts.identity.status import CaseStatus, Reason
from accounts.mfa.models import BackupCode
from accounts.sessions.models import Session
from accounts.users.models import User
from accounts.users.selectors import has_second_factor
from accounts.users.services import LinkNotValid
from manager.outbox.models import OutgoingSms
from manager.outbox.relay import drain_outbox
from tests.factories.identity import NUMBER, REVIEW, make_staff, staff_actor, submitted
from tests.factories.people import (
    NEW_PASSWORD,
    browser,
    give_password,
    mails,
    present,
    register,
    signed_in,
    turn_on_totp,
    visitor,
)

DAY = timedelta(hours=24)


def approved(user: User, reason: Reason):
    actor = staff_actor(make_staff(REVIEW))
    return approve_case(case=submitted(user, reason), actor=actor, at=present())


def link() -> str:
    """Return the path of the link in the last message."""
    mails()
    text = OutgoingSms.objects.filter(recipient=NUMBER).order_by("-pk").values_list("text", flat=True)[0]
    found = re.search(r"(/identity-result/[\w-]+/)", text)
    assert found, text
    return found[1]


class TestTheLinkForANewPassword:
    def test_leads_to_a_new_password_and_keeps_the_second_factor(self) -> None:
        """ACC-6, ACC-12"""
        owner = register()
        turn_on_totp(owner)
        approved(owner, Reason.LOST_PASSWORD)
        client, path = browser(), link()
        assert owner.email in client.get(path).content.decode()
        answer = client.post(path)
        assert answer.status_code == 302
        assert client.post(answer["Location"], {"password": NEW_PASSWORD}).status_code == 302
        entering = give_password(browser(), owner, NEW_PASSWORD)
        assert entering["Location"].startswith("/sign-in/")
        assert has_second_factor(owner)

    def test_works_once(self) -> None:
        """A message that somebody finds later opens nothing."""
        approved(register(), Reason.LOST_PASSWORD)
        path = link()
        assert browser().post(path).status_code == 302
        assert browser().post(path).status_code == 404
        assert browser().get(path).status_code == 404

    def test_ends_after_48_hours(self) -> None:
        """As the message says."""
        approved(register(), Reason.LOST_PASSWORD)
        secret = link().split("/")[2]
        with pytest.raises(LinkNotValid):
            use_result(secret=secret, actor=visitor(), at=present() + timedelta(hours=48, minutes=1))

    def test_is_not_changed_by_looking(self) -> None:
        """Mail and message scanners follow links: a GET uses nothing up."""
        approved(register(), Reason.LOST_PASSWORD)
        path = link()
        assert browser().get(path).status_code == 200
        assert browser().get(path).status_code == 200


class TestLostFactors:
    def test_stay_for_a_day_and_go_then(self) -> None:
        """ACC-12: factors, backup codes and sessions; told by mail."""
        owner = register()
        client = signed_in(owner)
        turn_on_totp(owner)
        approved(owner, Reason.LOST_FACTOR)
        at = present()
        drain_identity(at=at + DAY - timedelta(minutes=1))
        assert has_second_factor(owner)
        assert drain_identity(at=at + DAY) == 1
        assert not has_second_factor(owner)
        assert BackupCode.objects.filter(user=owner).count() == 0
        assert Session.objects.filter(user=owner).count() == 0
        assert client.get("/profile/").status_code == 302
        drain_outbox(at=at + DAY)
        assert len(mails(template="identity_factors_removed")) == 1

    def test_are_removed_once(self) -> None:
        """A second run finds nothing: a factor added meanwhile stays."""
        owner = register()
        turn_on_totp(owner)
        approved(owner, Reason.LOST_FACTOR)
        drain_identity(at=present() + DAY)
        turn_on_totp(owner)
        assert drain_identity(at=present() + DAY) == 0
        assert has_second_factor(owner)

    def test_stay_when_the_owner_stops_it_in_time(self) -> None:
        """The delay is for who still has them."""
        owner = register()
        turn_on_totp(owner)
        case = approved(owner, Reason.LOST_FACTOR)
        stopped = withdraw_case(case=case, actor=visitor(), at=present())
        assert stopped.status == CaseStatus.WITHDRAWN
        drain_identity(at=present() + 2 * DAY)
        assert has_second_factor(owner)

    def test_cannot_be_brought_back_afterwards(self) -> None:
        """The page says so instead of pretending."""
        owner = register()
        turn_on_totp(owner)
        case = approved(owner, Reason.LOST_FACTOR)
        drain_identity(at=present() + DAY)
        with pytest.raises(TooLateToStop):
            withdraw_case(case=case, actor=visitor(), at=present() + DAY)

    def test_are_not_touched_by_other_reasons(self) -> None:
        """A lost password removes no factor."""
        owner = register()
        turn_on_totp(owner)
        approved(owner, Reason.LOST_PASSWORD)
        drain_identity(at=present() + 2 * DAY)
        assert has_second_factor(owner)
