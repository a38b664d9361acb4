"""The second step by a linked phone, as the browser sees it (ACC-10, ACC-2, INC-15)."""

import re

import pytest
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.authenticator.models import ApprovalRequest
from accounts.authenticator.services import use_phone_code
from accounts.authenticator.status import ApprovalStatus
from accounts.authenticator.stream import STREAMS_PER_PROCESS
from accounts.mfa.services import WrongCode
from accounts.sessions.models import Session
from tests.factories.people import browser, give_password, present, register, turn_on_totp, visitor
from tests.factories.phones import Phone, linked_phone, offer_token
from tests.factories.together import at_once

STEP = "/sign-in/phone/"
STATE = "/sign-in/phone/state/"
EVENTS = "/sign-in/phone/events/"


def waiting_browser(user, **fields):
    client = browser()
    answer = give_password(client, user, **fields)
    assert client.get(answer.url).url.startswith(STEP)
    return client


def shown_number(page) -> int:
    found = re.search(r'class="match__number"[^>]*>(\d\d)<', page.content.decode())
    assert found
    return int(found.group(1))


class TestApproval:
    """Password, number, YES."""

    def test_signs_in_and_goes_where_the_person_wanted(self):
        """ACC-10, ACC-2, INC-16: the session names the phone."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user, next="/profile/tokens/")
        number = shown_number(client.get(STEP))
        [asked] = phone.waiting()
        assert client.get(STATE).json() == {"state": "pending"}
        assert phone.approve(asked["id"], number).status_code == 200
        assert client.get(STATE).json() == {"state": "approved"}
        assert client.post(STEP, {"do": "continue"}).url == "/profile/tokens/"
        assert client.get("/profile/").status_code == 200
        assert client.session[DEVICE_ID_SESSION_KEY] == phone.row.persistent_id
        assert ApprovalRequest.objects.get().status == ApprovalStatus.USED

    def test_asks_once_however_often_the_page_is_shown(self):
        """A reload does not ring the phone again."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user)
        numbers = {shown_number(client.get(STEP)) for _ in range(3)}
        assert len(numbers) == 1
        client.head(STEP)
        assert len(phone.waiting()) == ApprovalRequest.objects.count() == 1

    def test_opens_nothing_before_the_phone_has_said_yes(self):
        """INC-15: nor after it has said no."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user)
        client.get(STEP)
        assert client.post(STEP, {"do": "continue"}).url == STEP
        phone.refuse(phone.waiting()[0]["id"])
        assert client.post(STEP, {"do": "continue"}).url == STEP
        assert client.get(STATE).json() == {"state": "refused"}
        assert client.get("/profile/").status_code == 302
        assert not Session.objects.filter(user=user).exists()

    def test_opens_only_the_browser_that_asked(self):
        """The approval of one browser is not another's, though both have the password."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user)
        number = shown_number(client.get(STEP))
        phone.approve(phone.waiting()[0]["id"], number)
        other = waiting_browser(user)
        assert other.post(STEP, {"do": "continue"}).url == STEP
        assert other.get("/profile/").status_code == 302

    def test_needs_the_password_first(self):
        """INC-15."""
        linked_phone(register())
        for path in (STEP, STATE, EVENTS):
            assert browser().get(path).url == "/sign-in/"
        assert browser().post(STEP, {"do": "continue"}).url == "/sign-in/"

    def test_proves_who_it_is_before_a_sensitive_act(self):
        """ACC-8: the same page serves the fresh proof, and the phone says so."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user)
        client.post(STEP, {"code": phone.code()})
        client.get("/profile/security/prove/?next=/profile/tokens/")
        number = shown_number(client.get(STEP))
        [asked] = phone.waiting()
        assert asked["is_sign_in"] is False
        phone.approve(asked["id"], number)
        assert client.post(STEP, {"do": "continue"}).url == "/profile/tokens/"


class TestAskingTooOften:
    """Against requests until somebody says yes."""

    def test_ends_after_five_in_ten_minutes(self):
        """ACC-10: from whatever browser; the code still works."""
        user = register()
        phone = linked_phone(user)
        for _ in range(5):
            waiting_browser(user).get(STEP)
        client = waiting_browser(user)
        assert "match__number" not in client.get(STEP).content.decode()
        assert ApprovalRequest.objects.count() == 5
        assert client.post(STEP, {"code": phone.code()}).url == "/"

    def test_ends_sooner_where_the_person_says_no(self):
        """ACC-10: a NO counts more than a request."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user)
        client.get(STEP)
        for _ in range(2):
            for asked in phone.waiting():
                phone.refuse(asked["id"])
            client.post(STEP, {"do": "again"})
        assert phone.waiting() == []
        assert ApprovalRequest.objects.count() == 2


class TestCode:
    """The six digits that the phone shows without a network."""

    def test_signs_in(self):
        """ACC-10."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user)
        assert client.post(STEP, {"code": phone.code()}).url == "/"
        assert client.session[DEVICE_ID_SESSION_KEY] == phone.row.persistent_id

    def test_works_once(self):
        """INC-13: and with it all earlier ones are used."""
        user = register()
        phone = linked_phone(user)
        assert waiting_browser(user).post(STEP, {"code": phone.code()}).status_code == 302
        assert waiting_browser(user).post(STEP, {"code": phone.code()}).status_code == 422
        assert waiting_browser(user).post(STEP, {"code": phone.code(steps=-1)}).status_code == 422

    def test_works_once_of_fifty_at_once(self):
        """INC-13."""
        user = register()
        code = linked_phone(user).code()

        def attempt() -> None:
            use_phone_code(user=user, code=code, actor=visitor(), at=present())

        assert at_once(50, attempt, refusal=WrongCode) == 1

    def test_may_come_from_any_of_the_persons_phones(self):
        """ACC-8: several at once; a code of one does not slow the other."""
        user = register()
        first, second = linked_phone(user), linked_phone(user)
        assert waiting_browser(user).post(STEP, {"code": second.code()}).status_code == 302
        assert waiting_browser(user).post(STEP, {"code": first.code()}).status_code == 302

    def test_of_another_person_opens_nothing(self):
        """Codes belong to one link."""
        user = register()
        linked_phone(user)
        foreign = linked_phone(register())
        assert waiting_browser(user).post(STEP, {"code": foreign.code()}).status_code == 422

    @pytest.mark.parametrize("code", ["", "12345", "x" * 50, "a\x00b", "١٢٣٤٥٦"])
    def test_may_be_anything(self, code):
        """Never a 500."""
        user = register()
        linked_phone(user)
        assert waiting_browser(user).post(STEP, {"code": code}).status_code == 422

    def test_cannot_be_guessed(self):
        """ACC-17."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user)
        wrong = next(
            f"{n:06}" for n in range(999_999) if f"{n:06}" not in {phone.code(steps=s) for s in range(-3, 4)}
        )
        codes = [client.post(STEP, {"code": wrong}).status_code for _ in range(11)]
        assert codes == [422] * 10 + [429]

    def test_stands_beside_other_factors(self):
        """ACC-8: an app's code is not taken on the phone's page."""
        user = register()
        turn_on_totp(user)
        phone = linked_phone(user)
        client = browser()
        give_password(client, user)
        client.get(STEP)
        assert client.post(STEP, {"code": phone.code()}).status_code == 302


class TestEvents:
    """The waiting page hears at once, and nobody is starved by it."""

    def test_say_the_state_and_its_change(self):
        """ACC-10: the page goes on by itself."""
        user = register()
        phone = linked_phone(user)
        client = waiting_browser(user)
        number = shown_number(client.get(STEP))
        answer = client.get(EVENTS)
        assert answer["Content-Type"] == "text/event-stream"
        words = iter(answer.streaming_content)
        assert next(words).startswith(b"retry:")
        assert next(words) == b"event: state\ndata: pending\n\n"
        phone.approve(phone.waiting()[0]["id"], number)
        assert b"event: state\ndata: approved\n\n" in list(words)
        answer.close()

    def test_are_few_at_once_and_given_back(self):
        """A stream holds a thread of the web server; others ask instead (204)."""
        user = register()
        linked_phone(user)
        client = waiting_browser(user)
        client.get(STEP)
        streams = [client.get(EVENTS) for _ in range(STREAMS_PER_PROCESS)]
        assert client.get(EVENTS).status_code == 204
        for stream in streams:
            stream.close()
            stream.close()
        streams = [client.get(EVENTS) for _ in range(STREAMS_PER_PROCESS + 1)]
        assert [stream.status_code for stream in streams] == [200] * STREAMS_PER_PROCESS + [204]
        for stream in streams:
            stream.close()

    def test_are_none_where_nothing_was_asked(self):
        """Nothing to hear."""
        user = register()
        linked_phone(user)
        assert waiting_browser(user).get(EVENTS).status_code == 204


def test_a_phone_that_was_not_confirmed_is_no_second_step():
    """ACC-10: the sign-in does not wait for it."""
    user = register()
    Phone().link(token=offer_token(user))
    assert give_password(browser(), user).url == "/"
