"""Approving and refusing a sign-in on the phone (ACC-10, INC-13)."""

from datetime import timedelta

import pytest

from accounts.authenticator.models import ApprovalRequest, LinkedPhone
from accounts.authenticator.refusals import RequestNotOpen
from accounts.authenticator.services import approve_request, ask_approval, refuse_request, use_approval
from accounts.authenticator.status import ApprovalStatus
from accounts.mfa.services import SecondFactorIsOff
from tests.factories.people import events_called, mails, present, register, visitor
from tests.factories.phones import linked_phone
from tests.factories.together import at_once


def ask(user, **fields):
    values = {"is_sign_in": True, "actor": visitor(), "at": present(), **fields}
    return ask_approval(user=user, **values)


class TestAsk:
    """A request to the person's phones."""

    def test_shows_browser_system_and_address_but_not_the_number(self):
        """ACC-10: the number is in the browser alone; the phone has three to choose from."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user)
        [told] = phone.waiting()
        assert (told["browser"], told["system"], told["address"]) == ("Firefox", "Linux", "192.0.2.7")
        assert asked.number in told["choices"]
        assert len(set(told["choices"])) == 3
        assert "number" not in told
        assert 110 < told["seconds_left"] <= 120

    def test_replaces_an_open_one(self):
        """ACC-10: one is open for a person."""
        user = register()
        phone = linked_phone(user)
        first, second = ask(user), ask(user)
        first.refresh_from_db()
        assert first.status == ApprovalStatus.REPLACED
        assert [told["id"] for told in phone.waiting()] == [str(second.pk)]

    def test_needs_a_phone(self):
        """A phone that was never confirmed is none."""
        user = register()
        with pytest.raises(SecondFactorIsOff):
            ask(user)

    def test_ends_after_two_minutes(self):
        """ACC-10."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user, at=present() - timedelta(seconds=121))
        assert phone.waiting() == []
        assert phone.approve(str(asked.pk), asked.number).json()["code"] == "request_not_open"


class TestApprove:
    """YES, with the number that the browser shows."""

    def test_lets_the_browser_go_on_once(self):
        """ACC-10: and says which phone it was."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user)
        assert phone.approve(str(asked.pk), asked.number).json()["status"] == "approved"
        used = use_approval(user=user, request_id=asked.pk, actor=visitor(), at=present())
        assert used.reference == phone.row.reference
        with pytest.raises(RequestNotOpen):
            use_approval(user=user, request_id=asked.pk, actor=visitor(), at=present())

    def test_with_a_wrong_number_refuses(self):
        """ACC-10: who does not see the browser has one guess of three, and the person hears of it."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user)
        wrong = next(number for number in asked.choices if number != asked.number)
        assert phone.approve(str(asked.pk), wrong).json()["status"] == "refused"
        assert phone.approve(str(asked.pk), asked.number).status_code == 409
        [mail] = mails(template="sign_in_refused")
        assert "wrong number" in mail.text

    @pytest.mark.parametrize("number", [None, "12", True, [], {}, 12.5, -1])
    def test_refuses_what_is_no_number(self, number):
        """Never a 500."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user)
        assert phone.approve(str(asked.pk), number).json()["status"] == "refused"

    @pytest.mark.parametrize("request_id", [None, "", "x", 5, [], "00000000-0000-4000-8000-000000000000"])
    def test_needs_a_request(self, request_id):
        """Whatever is asked for, the answer is the same."""
        phone = linked_phone(register())
        answer = phone.approve(request_id, 12)
        assert (answer.status_code, answer.json()["code"]) == (409, "request_not_open")

    def test_is_for_ones_own_requests(self):
        """INC-3: another person's phone cannot answer, and cannot tell that there is something."""
        user = register()
        linked_phone(user)
        foreign = linked_phone(register())
        asked = ask(user)
        assert foreign.approve(str(asked.pk), asked.number).json()["code"] == "request_not_open"
        assert foreign.refuse(str(asked.pk)).json()["code"] == "request_not_open"
        assert foreign.waiting() == []

    def test_is_worth_nothing_once_the_phone_is_unlinked(self):
        """ACC-10: neither before the answer nor after it."""
        user = register()
        phone = linked_phone(user)
        row, asked = phone.row, ask(user)
        phone.approve(str(asked.pk), asked.number)
        LinkedPhone.objects.all().delete()
        with pytest.raises(RequestNotOpen):
            use_approval(user=user, request_id=asked.pk, actor=visitor(), at=present())
        with pytest.raises(RequestNotOpen):
            approve_request(
                phone=row, request_id=str(asked.pk), number=asked.number, actor=visitor(), at=present()
            )

    def test_lasts_a_minute(self):
        """The browser fetches it at once; later it is worth nothing."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user)
        phone.approve(str(asked.pk), asked.number)
        with pytest.raises(RequestNotOpen):
            use_approval(
                user=user, request_id=asked.pk, actor=visitor(), at=present() + timedelta(seconds=62)
            )

    def test_succeeds_once_of_fifty_at_once(self):
        """INC-13: the same approval in parallel."""
        user = register()
        row = linked_phone(user).row
        asked = ask(user)

        def attempt() -> None:
            approve_request(
                phone=row, request_id=str(asked.pk), number=asked.number, actor=visitor(), at=present()
            )

        assert at_once(50, attempt, refusal=RequestNotOpen) == 1

    def test_is_used_once_of_fifty_at_once(self):
        """INC-13: one approval opens one session."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user)
        phone.approve(str(asked.pk), asked.number)

        def attempt() -> None:
            use_approval(user=user, request_id=asked.pk, actor=visitor(), at=present())

        assert at_once(50, attempt, refusal=RequestNotOpen) == 1


class TestRefuse:
    """NO."""

    def test_ends_the_request_and_tells_by_mail(self):
        """ACC-10, ACC-11: somebody knows the password."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user)
        assert phone.refuse(str(asked.pk)).json()["status"] == "refused"
        with pytest.raises(RequestNotOpen):
            use_approval(user=user, request_id=asked.pk, actor=visitor(), at=present())
        [mail] = mails(template="sign_in_refused")
        assert mail.recipient == user.email
        assert "192.0.2.7" in mail.text
        assert len(events_called("user.sign_in_refused")) == 1

    def test_of_a_sensitive_change_says_so(self):
        """ACC-11: the mail tells what was asked for."""
        user = register()
        phone = linked_phone(user)
        asked = ask(user, is_sign_in=False)
        phone.refuse(str(asked.pk))
        [mail] = mails(template="sign_in_refused")
        assert "sensitive change" in mail.subject
        assert "Nothing was changed" in mail.text

    def test_counts_once(self):
        """A second NO is too late."""
        user = register()
        row = linked_phone(user).row
        asked = ask(user)
        refuse_request(phone=row, request_id=str(asked.pk), actor=visitor(), at=present())
        with pytest.raises(RequestNotOpen):
            refuse_request(phone=row, request_id=str(asked.pk), actor=visitor(), at=present())


def test_requests_are_open_one_at_a_time_even_at_once():
    """ACC-10: fifty browsers ask together; one request is open in the end."""
    user = register()
    linked_phone(user)
    at_once(20, lambda: ask(user), refusal=RequestNotOpen)
    assert ApprovalRequest.objects.filter(user=user, status=ApprovalStatus.PENDING).count() == 1
