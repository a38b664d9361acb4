"""ACC-12: a case is opened by a visitor, a person, staff or the system; the owner always hears of it."""

from datetime import timedelta

import pytest

from accounts.identity.models import IdentityCase
from accounts.identity.selectors import find_case_by_token
from accounts.identity.services import open_case, withdraw_case
from accounts.identity.services.refusals import TooLateToStop
from accounts.identity.status import CaseStatus, Reason
from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind
from tests.factories.identity import make_staff, open_for, staff_actor, submitted, token
from tests.factories.people import events_called, mails, present, register, visitor

SYSTEM = Actor.system("orders")


class TestOpenCase:
    def test_gives_a_link_whose_secret_is_stored_hashed_only(self) -> None:
        """A copy of the database opens nobody's case."""
        case, secret = open_case(user=register(), reason=Reason.ASKED, actor=SYSTEM, at=present())
        row = IdentityCase.objects.filter(pk=case.pk).values().get()
        assert secret not in str(row)
        assert len(secret) >= 40
        found = find_case_by_token(token=secret, at=present())
        assert found == case
        assert find_case_by_token(token=secret[:-1] + "x", at=present()) is None

    def test_lasts_72_hours(self) -> None:
        """ACC-12"""
        at = present()
        case = open_for(register(), at=at)
        assert case.is_open(at + timedelta(hours=71, minutes=59))
        assert not case.is_open(at + timedelta(hours=72))

    def test_looks_nobody_up_for_a_visitor(self) -> None:
        """INC-8: the same work is done for every contact, so that time tells nothing."""
        known = open_for(None, contact=register().email)
        assert known.user is None

    def test_lets_a_worker_find_the_owner_who_is_told(self) -> None:
        """Nobody is checked in somebody's name unnoticed."""
        owner = register()
        case = open_for(None, contact=owner.email)
        (mail,) = mails(template="identity_opened")
        assert mail.recipient == owner.email
        case.refresh_from_db()
        assert case.user == owner

    def test_finds_the_owner_by_recovery_address_and_by_number(self) -> None:
        """ACC-6, ACC-7"""
        owner = register(phone="+41791110099")
        User.objects.filter(pk=owner.pk).update(recovery_email="carla@recovery.example")
        for contact in ("carla@recovery.example", "+41791110099"):
            case = open_for(None, contact=contact)
            mails()
            case.refresh_from_db()
            assert case.user == owner, contact

    def test_tells_the_recovery_address_as_well(self) -> None:
        """One of the two mailboxes may be in foreign hands."""
        owner = register()
        User.objects.filter(pk=owner.pk).update(recovery_email="carla@recovery.example")
        open_for(None, contact=owner.email)
        told = {mail.recipient for mail in mails(template="identity_opened")}
        assert told == {owner.email, "carla@recovery.example"}

    def test_leaves_the_choice_to_staff_where_several_have_the_number(self) -> None:
        """ACC-7: a shared number names nobody."""
        register(phone="+41791110098")
        register(phone="+41791110098")
        case = open_for(None, contact="+41791110098")
        assert mails(template="identity_opened") == []
        case.refresh_from_db()
        assert case.user is None

    def test_finds_the_owner_also_when_the_worker_comes_late(self) -> None:
        """The person may be quicker than the worker."""
        owner = register()
        case = submitted(contact=owner.email)
        assert case.user is None
        assert len(mails(template="identity_opened")) == 1
        case.refresh_from_db()
        assert case.user == owner

    def test_mails_nobody_where_no_account_exists(self) -> None:
        """A typed address of a stranger gets no mail from us."""
        open_for(None, contact="stranger@example.net")
        assert mails() == []

    @pytest.mark.parametrize("by", ["staff", "system"])
    def test_mails_the_link_where_we_ask_for_it(self, by: str) -> None:
        """PRD-5: the held order's owner gets the link, and the order comes back with each event."""
        owner = register()
        actor = staff_actor(make_staff()) if by == "staff" else SYSTEM
        case, secret = open_case(
            user=owner, reason=Reason.HELD_ORDER, subject={"order": 12}, actor=actor, at=present()
        )
        (mail,) = mails(template="identity_requested")
        assert f"/identity/{secret}/" in mail.text
        (event,) = events_called("identity.case_opened")
        assert event.payload["subject"] == {"order": 12}
        assert secret not in str(event.payload)
        assert case.user == owner


class TestWithdrawCase:
    def test_stops_it_and_deletes_the_files(self) -> None:
        """The owner who did not ask for it stops it."""
        owner = register()
        case = submitted(owner)
        actor = Actor(ActorKind.PERSON, owner.pk, owner.name)
        stopped = withdraw_case(case=case, actor=actor, at=present())
        assert stopped.status == CaseStatus.WITHDRAWN
        assert case.images.count() == 0
        assert len(mails(template="identity_withdrawn")) == 1

    def test_refuses_what_is_closed(self) -> None:
        """A second stop changes nothing."""
        case = open_for(register())
        withdraw_case(case=case, actor=visitor(), at=present())
        with pytest.raises(TooLateToStop):
            withdraw_case(case=case, actor=visitor(), at=present())


class TestLinks:
    def test_of_two_cases_differ(self) -> None:
        """Each case has a secret of its own."""
        assert token(open_for(None)) != token(open_for(None))

    def test_answer_two_weeks_and_no_longer(self) -> None:
        """The waiting page can tell how it ended; an old link opens nothing."""
        at = present()
        case = open_for(None, at=at)
        assert find_case_by_token(token=token(case), at=at + timedelta(days=13)) == case
        assert find_case_by_token(token=token(case), at=at + timedelta(days=14)) is None
