"""Signing in with a code by SMS (ACC-8, INC-13, INC-15)."""

from datetime import timedelta

import pytest

from accounts.mfa.services import SecondFactorIsOff, WrongCode
from accounts.sessions.models import Session
from accounts.sms.services import send_sms_code, use_sms_code
from tests.factories.people import (
    browser,
    code_of,
    give_password,
    present,
    register,
    turn_on_totp,
    visitor,
)
from tests.factories.sms import NUMBER, factor_of, last_code, messages_to, turn_on_sms
from tests.factories.together import at_once

STEP = "/sign-in/sms/"


def person_with_sms():
    user = register()
    turn_on_sms(user)
    return user


def waiting_browser(user):
    client = browser()
    assert give_password(client, user).url == "/sign-in/code/"
    return client


class TestStep:
    """The page that sends and takes the code."""

    def test_sends_at_once_where_nothing_else_is_on(self):
        """ACC-8: once, however often the page is loaded."""
        user = person_with_sms()
        client = waiting_browser(user)
        before = len(messages_to())
        step = client.get("/sign-in/code/").url
        assert step == f"{STEP}?factor={factor_of(user).pk}"
        for _ in range(3):
            page = client.get(step).content.decode()
        assert len(messages_to()) == before + 1
        assert "+41 ••• 67" in page
        assert NUMBER not in page
        assert client.post(step, {"code": last_code()}).url == "/"
        assert client.session["otp_device_id"].startswith("accounts.smsfactor/")
        assert client.get("/profile/").status_code == 200

    def test_waits_for_the_wish_where_there_is_a_choice(self):
        """ACC-8: no message that nobody asked for."""
        user = person_with_sms()
        turn_on_totp(user)
        client = waiting_browser(user)
        before = len(messages_to())
        client.get(STEP)
        client.head(STEP)
        assert len(messages_to()) == before
        assert client.post(STEP, {"send": "1"}).status_code == 302
        assert len(messages_to()) == before + 1
        assert client.post(STEP, {"code": last_code()}).url == "/"

    def test_a_new_code_replaces_the_earlier(self):
        """ACC-8: only the last one counts."""
        user = person_with_sms()
        client = waiting_browser(user)
        client.get(STEP)
        first = last_code()
        client.post(STEP, {"send": "1"})
        second = last_code()
        if first != second:
            assert client.post(STEP, {"code": first}).status_code == 422
        assert client.post(STEP, {"code": second}).url == "/"

    def test_refuses_a_code_after_ten_minutes(self):
        """ACC-8."""
        user = person_with_sms()
        at = present()
        send_sms_code(factor=factor_of(user), actor=visitor(), at=at)
        code = last_code()
        late = at + timedelta(minutes=10)
        with pytest.raises(WrongCode):
            use_sms_code(user=user, factor_id=factor_of(user).pk, code=code, actor=visitor(), at=late)

    def test_refuses_after_five_wrong_ones(self):
        """ACC-17: six digits are few; the count survives the refusal."""
        user = person_with_sms()
        client = waiting_browser(user)
        client.get(STEP)
        right = last_code()
        for number in range(1, 6):
            wrong = f"{(int(right) + number) % 1_000_000:06d}"
            assert client.post(STEP, {"code": wrong}).status_code == 422
        assert client.post(STEP, {"code": right}).status_code == 422
        assert not Session.objects.filter(user=user).exists()

    @pytest.mark.parametrize("code", ["", "x" * 5000, "12345", "a\x00b", "１２３４５６"])
    def test_says_so_for_any_input(self, code):
        """Never a 500."""
        client = waiting_browser(person_with_sms())
        client.get(STEP)
        assert client.post(STEP, {"code": code}).status_code == 422

    @pytest.mark.parametrize("factor", ["0", "x", "9" * 400, "%00", "-1"])
    def test_takes_any_address(self, factor):
        """Never a 500, nor another person's number."""
        person_with_sms()
        client = waiting_browser(person_with_sms())
        assert client.get(f"{STEP}?factor={factor}").status_code == 200

    def test_opens_nothing_without_the_password(self):
        """INC-15: nor sends anything."""
        person_with_sms()
        before = len(messages_to())
        assert browser().get(STEP).url == "/sign-in/"
        assert browser().post(STEP, {"send": "1"}).url == "/sign-in/"
        assert len(messages_to()) == before

    def test_sends_five_an_hour_and_no_more(self):
        """ACC-17: the page stays, so that a code that arrived is not lost."""
        user = person_with_sms()
        turn_on_totp(user)
        client = waiting_browser(user)
        answers = [client.post(STEP, {"send": "1"}).status_code for _ in range(6)]
        assert answers == [302] * 5 + [429]
        assert client.get(STEP).status_code == 200

    def test_is_fresh_proof(self, time_machine_at):
        """ACC-8: sent when the person wishes it, never by itself."""
        user = person_with_sms()
        client = waiting_browser(user)
        client.get(STEP)
        client.post(STEP, {"code": last_code()})
        before = len(messages_to())
        with time_machine_at(minutes=16):
            asked = client.get("/profile/security/backup-codes/").url
            assert STEP in client.get(asked).content.decode()
            client.get(STEP)
            assert len(messages_to()) == before
            client.post(STEP, {"send": "1"})
            code = last_code()
            assert client.post(STEP, {"code": code}).url == "/profile/security/backup-codes/"


class TestTheSameCodeManyTimes:
    """The same code sent 50 times at once succeeds once (INC-13)."""

    def test_of_the_message(self):
        """INC-13: checked and used up under the row's lock."""
        user = person_with_sms()
        factor = factor_of(user)
        send_sms_code(factor=factor, actor=visitor(), at=present())
        code = last_code()

        def attempt() -> None:
            use_sms_code(user=user, factor_id=factor.pk, code=code, actor=visitor(), at=present())

        assert at_once(50, attempt, refusal=WrongCode) == 1

    def test_is_refused_for_another_person(self):
        """INC-16: a number belongs to one account."""
        user = person_with_sms()
        with pytest.raises(SecondFactorIsOff):
            use_sms_code(
                user=register(), factor_id=factor_of(user).pk, code="123456", actor=visitor(), at=present()
            )


class TestBesideOthers:
    """Several factors at once."""

    def test_the_app_stays_the_first_way_when_it_was_used_last(self):
        """ACC-8: most recently used first."""
        user = person_with_sms()
        turn_on_totp(user)
        client = waiting_browser(user)
        client.post("/sign-in/code/", {"code": code_of(user)})
        assert waiting_browser(user).get("/sign-in/code/").status_code == 200
