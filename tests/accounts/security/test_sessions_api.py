"""Sessions and second factors over the API (ACC-8, ACC-14)."""

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.sessions.models import Session
from accounts.tokens.scopes import Scope
from tests.factories.people import mails, register, signed_in, turn_on_totp
from tests.factories.tokens import token_client

SESSIONS = "/api/1/profile/sessions"
OTHERS = f"{SESSIONS}/revoke-others"


def program(user, *scopes: Scope):
    return token_client(user, *(scope.value for scope in scopes or (Scope.PROFILE_READ, Scope.PROFILE_WRITE)))


def is_signed_in(client) -> bool:
    return client.get("/profile/").status_code == 200


class TestSessions:
    """The same verbs as on the page; tokens go on."""

    def test_are_listed_without_their_keys(self):
        """ACC-14, INC-17: last used first, nobody else's."""
        user = register()
        first, second = signed_in(user), signed_in(user)
        signed_in(register())
        answer = program(user).get(SESSIONS)
        rows = answer.json()["data"]
        ids = list(
            Session.objects.filter(user=user).order_by("-last_seen_at", "-pk").values_list("pk", flat=True)
        )
        assert [row["id"] for row in rows] == ids
        assert {(row["browser"], row["system"]) for row in rows} == {("Firefox", "Linux")}
        for client in (first, second):
            assert client.cookies["sessionid"].value not in answer.content.decode()

    def test_one_is_ended_and_told(self):
        """ACC-11, ACC-14: a second time it is gone."""
        user = register()
        kept, lost = signed_in(user), signed_in(user)
        doomed = Session.objects.filter(user=user).latest("pk")
        client = program(user)
        assert client.delete(f"{SESSIONS}/{doomed.pk}").status_code == 200
        assert (is_signed_in(kept), is_signed_in(lost)) == (True, False)
        assert client.delete(f"{SESSIONS}/{doomed.pk}").status_code == 404
        assert len(mails(template="sessions_revoked")) == 1

    def test_of_others_are_as_if_they_were_not(self):
        """INC-2: to end, and to keep."""
        user, stranger = register(), register()
        own, foreign = signed_in(user), signed_in(stranger)
        theirs = Session.objects.get(user=stranger)
        client = program(user)
        for answer in (
            client.delete(f"{SESSIONS}/{theirs.pk}"),
            client.delete(f"{SESSIONS}/{10**30}"),
            client.post(OTHERS, {"keep": theirs.pk}, content_type="application/json"),
        ):
            assert answer.status_code == 404
        assert is_signed_in(own)
        assert is_signed_in(foreign)

    def test_all_but_one_are_ended_or_all(self):
        """ACC-14."""
        user = register()
        first, second = signed_in(user), signed_in(user)
        keep = Session.objects.filter(user=user).earliest("pk").pk
        client = program(user)
        answer = client.post(OTHERS, {"keep": keep}, content_type="application/json")
        assert answer.json()["data"] == {"ended": 1}
        assert (is_signed_in(first), is_signed_in(second)) == (True, False)
        assert client.post(OTHERS, {}, content_type="application/json").json()["data"] == {"ended": 1}
        assert not is_signed_in(first)
        assert client.get(SESSIONS).json()["data"] == []

    def test_need_the_scope_to_be_ended(self):
        """API-2."""
        user = register()
        browser = signed_in(user)
        session = Session.objects.get(user=user)
        client = program(user, Scope.PROFILE_READ)
        assert client.get(SESSIONS).status_code == 200
        assert client.delete(f"{SESSIONS}/{session.pk}").status_code == 403
        assert client.post(OTHERS, {}, content_type="application/json").status_code == 403
        assert is_signed_in(browser)


class TestSecondFactors:
    """To see only: a token never weakens a sign-in."""

    PATH = "/api/1/profile/second-factors"

    def test_are_listed_without_secrets(self):
        """ACC-8, ACC-9."""
        user = register()
        assert program(user).get(self.PATH).json()["data"] == {"factors": [], "backup_codes_left": 0}
        codes = turn_on_totp(user)
        device = TOTPDevice.objects.get(user=user)
        answer = program(user).get(self.PATH)
        [factor] = answer.json()["data"]["factors"]
        assert (factor["kind"], factor["id"]) == ("totp", device.pk)
        assert answer.json()["data"]["backup_codes_left"] == len(codes)
        text = answer.content.decode()
        assert not any(secret in text for secret in (device.key, *codes))

    def test_are_not_changed(self):
        """INC-14: there is no way to add or remove one."""
        user = register()
        turn_on_totp(user)
        device = TOTPDevice.objects.get(user=user)
        client = program(user)
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client, method)(self.PATH).status_code == 405
            assert getattr(client, method)(f"{self.PATH}/{device.pk}").status_code == 404
