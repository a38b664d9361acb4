"""A forgotten login is found by the mobile number (ACC-7)."""

import pytest

from manager.outbox.models import OutgoingSms
from tests.factories.people import browser, mails, register, with_recovery

PAGE = "/login-forgotten/"
NUMBER = "+41791234567"


def ask(phone: str = "079 123 45 67", *, recovery_email: str = "", channel: str = "sms"):
    fields = {"phone": phone, "recovery_email": recovery_email, "channel": channel}
    return browser().post(PAGE, fields)


def messages() -> list[OutgoingSms]:
    mails()
    return list(OutgoingSms.objects.order_by("pk"))


class TestRequestLoginReminder:
    """The login goes to what is stored, as the person chose."""

    def test_goes_by_sms_in_the_persons_language(self):
        """ACC-7."""
        user = register(phone=NUMBER)
        assert ask().url == "/login-forgotten/sent/"
        [message] = messages()
        assert message.recipient == NUMBER
        assert user.email in message.text
        assert mails(template="login_reminder") == []

    def test_goes_to_the_recovery_address(self):
        """ACC-7, INC-19: to the stored one."""
        user = with_recovery(register(phone=NUMBER))
        ask(channel="email")
        [mail] = mails(template="login_reminder")
        assert mail.recipient == user.recovery_email
        assert user.email in mail.text
        assert messages() == []

    def test_goes_nowhere_without_a_recovery_address(self):
        """ACC-7: the login itself is what was forgotten."""
        register(phone=NUMBER)
        ask(channel="email")
        assert mails(template="login_reminder") == []

    def test_tells_one_of_several_by_the_recovery_address_alone(self):
        """ACC-7: who shares a number says which one."""
        one, _other = with_recovery(register(phone=NUMBER)), with_recovery(register(phone=NUMBER))
        ask()
        assert messages() == []
        ask(recovery_email=one.recovery_email)
        [message] = messages()
        assert one.email in message.text

    def test_tells_nobody_by_a_wrong_recovery_address(self):
        """ACC-7: what is given must fit."""
        with_recovery(register(phone=NUMBER))
        ask(recovery_email="somebody@example.net")
        assert messages() == []

    def test_leaves_closed_accounts_alone(self):
        """ACC-15."""
        user = register(phone=NUMBER)
        type(user).objects.filter(pk=user.pk).update(is_active=False)
        ask()
        assert messages() == []

    def test_sends_three_an_hour_to_a_number(self):
        """INC-12: nobody floods a phone."""
        register(phone=NUMBER)
        assert [ask().status_code for _ in range(4)] == [302] * 3 + [429]

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"phone": "abc", "channel": "sms"},
            {"phone": "1" * 100, "channel": "sms"},
            {"phone": "+41791234567\x00", "channel": "sms"},
            {"phone": NUMBER, "channel": "pigeon"},
            {"phone": NUMBER, "channel": "sms", "recovery_email": "no-address"},
        ],
    )
    def test_says_so_for_any_input(self, fields):
        """Never a 500."""
        answer = browser().post(PAGE, fields)
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
