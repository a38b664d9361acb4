"""Guessing codes is slowed, locked and told, and does not lock out the owner (ACC-17, INC-11)."""

from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories.people import (
    browser,
    code_of,
    events_called,
    give_password,
    mails,
    register,
    turn_on_totp,
    wrong_code_of,
)

STEP = "/sign-in/code/"


def guess(user, times):
    """Return what a stranger with the password is answered to wrong codes."""
    client = browser()
    give_password(client, user)
    return [client.post(STEP, {"code": wrong_code_of(user)}).status_code for _ in range(times)]


class TestGuessing:
    """Ten wrong codes are enough."""

    def test_is_locked_and_told_once(self):
        """ACC-17: whoever gets here knows the password."""
        user = register()
        turn_on_totp(user)
        assert guess(user, 12) == [422] * 10 + [429] * 2
        [mail] = mails(template="second_step_locked")
        assert mail.recipient == user.email
        assert len(events_called("user.second_step_locked")) == 1

    def test_lets_the_owner_in_from_a_known_browser(self):
        """INC-11: no stranger locks out the owner."""
        user = register()
        turn_on_totp(user)
        known = browser()
        give_password(known, user)
        assert known.post(STEP, {"code": code_of(user)}).status_code == 302
        known.post("/sign-out/")
        assert guess(user, 11)[-1] == 429
        give_password(known, user)
        TOTPDevice.objects.update(last_t=-1)
        assert known.post(STEP, {"code": code_of(user)}).status_code == 302

    def test_counts_failures_only(self):
        """ACC-17: who signs in often is not stopped."""
        user = register()
        for code in turn_on_totp(user):
            client = browser()
            give_password(client, user)
            assert client.post(STEP, {"code": code}).status_code == 302
        assert guess(user, 1) == [422]
