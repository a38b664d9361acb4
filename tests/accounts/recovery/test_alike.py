"""No answer tells whether an account exists: the same status, headers, cookies and body (INC-8)."""

import pytest

from accounts.users.models import User
from organizations.profile.models import Organization
from tests.factories.people import NEW_PASSWORD, browser, mails, register, told, with_recovery

# As long as each other, so that the length of an answer cannot differ by what was typed.
KNOWN, UNKNOWN = "carla.known@example.org", "carla.other@example.org"
KNOWN_NUMBER, UNKNOWN_NUMBER = "+41791234567", "+41791234568"


def fill_registration(email: str) -> dict[str, str]:
    return {
        "first_name": "Carla",
        "last_name": "Brunner",
        "email": email,
        "phone": "+41791110011",
        "password": NEW_PASSWORD,
        "kind": "private",
        "company_name": "",
        "country": "CH",
        "terms": "on",
    }


WAYS = {
    "sign-in": ("/sign-in/", lambda who: {"email": who, "password": "wrong-password-entirely"}),
    "forgotten password": ("/password-forgotten/", lambda who: {"email": who}),
    "registration": ("/register/", fill_registration),
}
NUMBERS = {
    "by SMS": ("", "sms"),
    "by e-mail": ("", "email"),
    "by SMS, with the recovery address": ("carla.private@example.net", "sms"),
}


class TestAnswers:
    """Known or unknown, the answers are equal to the byte."""

    @pytest.mark.parametrize("way", WAYS)
    def test_are_the_same_for_known_and_unknown_addresses(self, way):
        """INC-8: and so are the pages that follow."""
        path, fields = WAYS[way]
        register(email=KNOWN)
        seen = []
        for who in (KNOWN, UNKNOWN):
            client = browser()
            answer = client.post(path, fields(who))
            after = client.get(answer.url) if answer.status_code == 302 else client.get(path)
            seen.append((told(answer, who), told(after, who)))
        assert seen[0] == seen[1]

    @pytest.mark.parametrize("way", NUMBERS)
    def test_are_the_same_for_known_and_unknown_numbers(self, way, query_count):
        """ACC-7, INC-8: also for a number that several share."""
        recovery_email, channel = NUMBERS[way]
        with_recovery(register(phone=KNOWN_NUMBER), "carla.private@example.net")
        register(phone="+41791234569")
        register(phone="+41791234569")
        seen = []
        for number in (KNOWN_NUMBER, UNKNOWN_NUMBER, "+41791234569"):
            client = browser()
            fields = {"phone": number, "recovery_email": recovery_email, "channel": channel}
            with query_count() as queries:
                answer = client.post("/login-forgotten/", fields)
            seen.append((told(answer, number), told(client.get(answer.url), number), queries.count))
        assert seen[0] == seen[1] == seen[2]

    def test_register_nobody_twice(self):
        """INC-8: the owner of the address is told instead, and nothing is made."""
        user = register(email=KNOWN)
        answer = browser().post("/register/", fill_registration(KNOWN))
        assert answer.status_code == 302, answer.content.decode()
        assert User.objects.filter(email=KNOWN).count() == 1
        assert not Organization.objects.using("system").exists()
        assert [mail.recipient for mail in mails(template="registration_repeated")] == [user.email]

    @pytest.mark.parametrize(
        "look_alike",
        [
            "carla.ĸnown@example.org",
            "carla.known@exаmple.org",
            "ｃarla.known@example.org",
            "carla.known@example.org.",
        ],
    )
    @pytest.mark.parametrize("path", ["/password-forgotten/", "/sign-in/", "/register/"])
    def test_write_to_no_look_alike(self, path, look_alike):
        """INC-19: what looks like a login finds nobody's."""
        register(email=KNOWN)
        fields = {**fill_registration(look_alike), "password": NEW_PASSWORD}
        answer = browser().post(path, fields)
        assert answer.status_code in {302, 422}
        known = {KNOWN}
        assert not [mail for mail in mails() if mail.template == "password_reset"]
        assert not [m for m in mails(template="registration_repeated") if m.recipient in known]
