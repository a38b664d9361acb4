"""Adding codes by SMS (ACC-8, ACC-9)."""

import re

import pytest

from accounts.sms.models import SmsFactor
from accounts.sms.services import SmsIsNotAvailable, start_sms
from manager.outbox.models import OutgoingSms
from manager.outbox.sms import REFUSING
from tests.factories.people import browser, give_password, mails, present, register, signed_in, visitor
from tests.factories.sms import NUMBER, last_code, messages_to, turn_on_sms

ADD = "/profile/security/sms/"
CONFIRM = "/profile/security/sms/confirm/"


class TestAddSms:
    """A number counts once the code that it got was typed."""

    def test_turns_two_step_sign_in_on(self):
        """ACC-8, ACC-9, ACC-11."""
        user = register(language="de")
        client = signed_in(user)
        assert client.get(ADD).status_code == 200
        assert client.post(ADD, {"phone": "079 123 45 67"}).url == CONFIRM
        assert give_password(browser(), user).url == "/"
        client = signed_in(user)
        assert client.get(CONFIRM).status_code == 200
        answer = client.post(CONFIRM, {"code": last_code()})
        assert len(set(re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", answer.content.decode()))) == 10
        assert give_password(browser(), user).url == "/sign-in/code/"
        assert SmsFactor.objects.get().phone == NUMBER
        assert len(mails(template="factor_added")) == 1

    def test_says_what_it_is_not_good_for(self):
        """ACC-8: the page names the risk and what is safer."""
        page = signed_in(register()).get("/profile/security/sms/").content.decode()
        assert "takes over your number" in page
        assert "passkey or an authenticator app is safer" in page

    def test_stores_no_code(self):
        """ACC-8: neither with the number nor, once sent, with the message."""
        client = signed_in(register())
        client.post(ADD, {"phone": NUMBER})
        code = last_code()
        assert code not in str(SmsFactor.objects.values())
        assert code not in str(OutgoingSms.objects.using("system").values())

    def test_names_the_pages_host_for_the_phone(self):
        """ACC-8: the last line lets the phone fill the code in here, and on no forged page."""
        client = signed_in(register())
        client.post(ADD, {"phone": NUMBER})
        code = last_code()
        assert messages_to()[0].endswith(f"\n\n@127.0.0.1 #{code}")

    @pytest.mark.parametrize(
        "phone", ["", "12", "+41443000000", "+41900123456", "+3512", "x" * 400, "+41\x00"]
    )
    def test_refuses_what_gets_no_text_messages(self, phone):
        """ACC-8: nothing, fixed lines, premium numbers; never a 500."""
        client = signed_in(register())
        assert client.post(ADD, {"phone": phone}).status_code == 422
        assert messages_to() == []

    def test_refuses_a_number_twice(self):
        """ACC-8."""
        user = register()
        turn_on_sms(user)
        client = browser()
        give_password(client, user)
        client.get("/sign-in/sms/")
        client.post("/sign-in/sms/", {"code": last_code()})
        assert client.post(ADD, {"phone": NUMBER}).status_code == 422

    def test_refuses_a_wrong_code(self):
        """ACC-8: five of them end the code."""
        client = signed_in(register())
        client.post(ADD, {"phone": NUMBER})
        right = last_code()
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        for _ in range(5):
            assert client.post(CONFIRM, {"code": wrong}).status_code == 422
        assert client.post(CONFIRM, {"code": right}).status_code == 422

    def test_sends_five_an_hour_and_no_more(self):
        """ACC-17: text messages cost money, and annoy their owner."""
        client = signed_in(register())
        answers = [client.post(ADD, {"phone": NUMBER}).status_code for _ in range(6)]
        assert answers == [302] * 5 + [429]
        assert len(messages_to()) == 5

    def test_sends_a_number_five_an_hour_whoever_asks(self):
        """ACC-17."""
        for _ in range(5):
            assert signed_in(register()).post(ADD, {"phone": NUMBER}).status_code == 302
        assert signed_in(register()).post(ADD, {"phone": NUMBER}).status_code == 429

    def test_is_not_offered_where_nobody_sends(self, settings):
        """ACC-8: the operator has to name a provider first."""
        settings.SMS_SENDER = REFUSING
        user = register()
        client = signed_in(user)
        assert ADD not in client.get("/profile/security/").content.decode()
        assert client.post(ADD, {"phone": NUMBER}).status_code == 422
        with pytest.raises(SmsIsNotAvailable):
            start_sms(user=user, phone=NUMBER, name="", actor=visitor(), at=present())
        assert not OutgoingSms.objects.using("system").exists()

    def test_leads_back_without_a_number(self):
        """There is nothing to confirm."""
        assert signed_in(register()).get(CONFIRM).url == ADD
