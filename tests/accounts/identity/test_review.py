"""ACC-12: staff look at the photographs, approve or refuse; one decision, and never about oneself."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.identity.models import IdentityCase, IdentityEntry, IdentityImage
from accounts.identity.services import approve_case, look_at_image, refuse_case, withdraw_case
from accounts.identity.services.refusals import OwnCase, PersonUnknown
from accounts.identity.status import TRANSITIONS, CaseStatus, Page, Reason, Refusal
from manager.kit.encryption import CannotDecrypt
from manager.kit.errors import IllegalTransition, NotFound
from manager.outbox.models import OutgoingSms
from tests.factories.identity import NUMBER, REVIEW, make_staff, open_for, staff_actor, submitted
from tests.factories.people import events_called, mails, present, register, visitor


def nora():
    return staff_actor(make_staff(REVIEW))


def last_sms() -> str:
    mails()
    return OutgoingSms.objects.filter(recipient=NUMBER).order_by("-pk").values_list("text", flat=True)[0]


class TestLookAtImage:
    def test_gives_the_photograph_and_notes_who_looked(self) -> None:
        """ACC-12: each look is in the journal."""
        case, who = submitted(), nora()
        _, data = look_at_image(case_id=case.pk, page=Page.SELFIE, actor=who, at=present())
        assert data[:2] == b"\xff\xd8"
        entry = IdentityEntry.objects.get(what="image_viewed")
        assert (entry.actor_id, entry.actor_kind, entry.detail) == (who.user_id, "staff", "selfie")

    def test_shows_nothing_before_it_was_sent_and_after_the_decision(self) -> None:
        """Staff see what was sent for review, while they review it."""
        case = open_for(register())
        with pytest.raises(NotFound):
            look_at_image(case_id=case.pk, page=Page.SELFIE, actor=nora(), at=present())
        decided = approve_case(case=submitted(), actor=nora(), at=present())
        with pytest.raises(NotFound):
            look_at_image(case_id=decided.pk, page=Page.SELFIE, actor=nora(), at=present())

    def test_does_not_show_one_that_was_moved_to_another_case(self) -> None:
        """The encryption is bound to case and page."""
        one, two = submitted(), submitted()
        content = one.images.get(page=Page.SELFIE).content
        IdentityImage.objects.filter(case=two, page=Page.SELFIE).update(content=content)
        with pytest.raises(CannotDecrypt):
            look_at_image(case_id=two.pk, page=Page.SELFIE, actor=nora(), at=present())


class TestApproveCase:
    def test_closes_the_case_and_deletes_the_files(self) -> None:
        """ACC-12"""
        case, who = submitted(), nora()
        approved = approve_case(case=case, actor=who, at=present())
        assert (approved.status, approved.decided_by_id) == (CaseStatus.APPROVED, who.user_id)
        assert approved.closed_at is not None
        assert case.images.count() == 0

    def test_sends_a_link_for_a_new_password_to_the_proved_number(self) -> None:
        """ACC-12: who lost the mailbox cannot be reached there; its owner is told there."""
        owner = register()
        approve_case(case=submitted(owner, Reason.LOST_PASSWORD), actor=nora(), at=present())
        assert "/identity-result/" in last_sms()
        (mail,) = mails(template="identity_approved")
        assert mail.recipient == owner.email
        assert "/identity-result/" not in mail.text

    def test_sends_a_forgotten_login_to_the_proved_number(self) -> None:
        """ACC-7"""
        owner = register()
        approve_case(case=submitted(owner, Reason.LOST_LOGIN), actor=nora(), at=present())
        assert owner.email in last_sms()

    def test_brings_back_what_a_held_order_needs(self) -> None:
        """PRD-5: who opened it hears the result with its own ids."""
        case = submitted(register(), Reason.HELD_ORDER)
        IdentityCase.objects.filter(pk=case.pk).update(subject={"order": 7})
        approve_case(case=case, actor=nora(), at=present())
        (event,) = events_called("identity.approved")
        assert event.payload["subject"] == {"order": 7}

    def test_asks_whose_account_it_is_where_nobody_knows(self) -> None:
        """ACC-7: only who has the contact or the number can be chosen."""
        one, two = register(phone="+41791110097"), register(phone="+41791110097")
        case, who = submitted(contact="+41791110097"), nora()
        for chosen in (None, register().pk):
            with pytest.raises(PersonUnknown):
                approve_case(case=case, user_id=chosen, actor=who, at=present())
        approved = approve_case(case=case, user_id=two.pk, actor=who, at=present())
        assert approved.user == two
        assert one.identity_cases.count() == 0

    def test_refuses_to_decide_about_oneself(self) -> None:
        """Nobody confirms an own document, nor by choosing oneself."""
        staff = make_staff(REVIEW)
        with pytest.raises(OwnCase):
            approve_case(case=submitted(staff), actor=staff_actor(staff), at=present())
        case = submitted(contact=staff.email)
        with pytest.raises(OwnCase):
            approve_case(case=case, user_id=staff.pk, actor=staff_actor(staff), at=present())

    @pytest.mark.parametrize("status", ["open", "withdrawn", "refused", "approved"])
    def test_refuses_what_does_not_wait(self, status: str) -> None:
        """The table of transitions."""
        case, who = submitted(), nora()
        if status == "open":
            case = open_for(register())
        elif status == "withdrawn":
            withdraw_case(case=case, actor=visitor(), at=present())
        elif status == "refused":
            refuse_case(case=case, refusal=Refusal.OTHER, actor=who, at=present())
        else:
            approve_case(case=case, actor=who, at=present())
        with pytest.raises(IllegalTransition):
            approve_case(case=case, actor=who, at=present() + timedelta(seconds=1))


class TestRefuseCase:
    def test_tells_why_and_how_to_go_on(self) -> None:
        """ACC-12: by mail to the owner, by SMS to who sent the documents."""
        owner = register()
        refuse_case(
            case=submitted(owner),
            refusal=Refusal.UNREADABLE,
            text="The back is dark.",
            actor=nora(),
            at=present(),
        )
        (mail,) = mails(template="identity_refused")
        assert mail.recipient == owner.email
        assert "The photographs cannot be read." in mail.text
        assert "The back is dark." in mail.text
        assert "/identity/" in mail.text
        assert "cannot be read" in last_sms()
        assert IdentityImage.objects.count() == 0

    def test_tells_a_stranger_by_sms_alone(self) -> None:
        """Without an account there is nobody to mail to; the message does not say so."""
        case = submitted(contact="stranger@example.net")
        refuse_case(case=case, refusal=Refusal.NO_MATCH, actor=nora(), at=present())
        assert "does not match" in last_sms()
        assert mails(template="identity_refused") == []
        assert {mail.template for mail in mails()} == {"staff_granted"}

    def test_refuses_to_decide_about_oneself(self) -> None:
        """Neither way."""
        staff = make_staff(REVIEW)
        with pytest.raises(OwnCase):
            refuse_case(case=submitted(staff), refusal=Refusal.OTHER, actor=staff_actor(staff), at=present())


def test_of_two_deciding_at_once_one_wins() -> None:
    """One approves, the other refuses, at the same moment."""
    case, one, two = submitted(), nora(), nora()
    ended, barrier = [], threading.Barrier(2)

    def decide(approves: bool) -> None:
        barrier.wait()
        try:
            if approves:
                approve_case(case=case, actor=one, at=present())
            else:
                refuse_case(case=case, refusal=Refusal.OTHER, actor=two, at=present())
            ended.append("decided")
        except IllegalTransition:
            ended.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[approves]) for approves in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["decided", "too late"]
    assert len(events_called("identity.approved")) + len(events_called("identity.refused")) == 1


def test_nothing_leads_out_of_a_closed_case() -> None:
    """Only an approval whose effect waits can still be withdrawn."""
    closed = {CaseStatus.REFUSED, CaseStatus.EXPIRED, CaseStatus.WITHDRAWN}
    assert not closed & TRANSITIONS.keys()
    assert TRANSITIONS[CaseStatus.APPROVED] == {CaseStatus.WITHDRAWN}
