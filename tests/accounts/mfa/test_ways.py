"""Choosing among several factors, naming and removing them (ACC-8, ACC-9, INC-15)."""

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts.mfa.factors import factor_kinds, has_second_factor, list_added_factors
from accounts.mfa.models import BackupCode
from accounts.users.models import SecurityEvent
from tests.factories.passkeys import add_key, confirm_with, sign_in_with
from tests.factories.people import (
    PASSWORD,
    browser,
    code_of,
    events_called,
    give_password,
    mails,
    register,
    signed_in,
    turn_on_totp,
)
from tests.factories.sms import factor_of, turn_on_sms


def person_with_all():
    """Return somebody with an app, a number and a passkey, with the passkey and the backup codes."""
    user = register()
    client = signed_in(user)
    key, _ = add_key(client, name="Key")
    turn_on_sms(user)
    turn_on_totp(user)
    return user, key


def remove_url(kind, device):
    return f"/profile/security/factors/{kind}/{device.pk}/remove/"


class TestWays:
    """The list of ways at sign-in."""

    def test_begins_with_the_last_used_and_ends_with_backup_codes(self):
        """ACC-8."""
        user, key = person_with_all()
        client = browser()
        give_password(client, user)
        confirm_with(client, key)
        client = browser()
        give_password(client, user)
        assert client.get("/sign-in/code/").url.startswith("/sign-in/code/passkey/")
        page = client.get("/sign-in/ways/").content.decode()
        places = [
            page.index(f'href="{url}')
            for url in ("/sign-in/code/passkey/?", "/sign-in/sms/?", "/sign-in/code/?backup")
        ]
        assert places == sorted(places)
        assert 'href="/sign-in/code/?factor=' in page

    def test_each_signs_in(self):
        """ACC-8: any one is enough."""
        user, _ = person_with_all()
        client = browser()
        give_password(client, user)
        assert client.post("/sign-in/code/", {"code": code_of(user)}).url == "/"

    def test_shows_nothing_of_others(self):
        """INC-16."""
        user, other = register(), register()
        turn_on_totp(user)
        turn_on_sms(other)
        client = browser()
        give_password(client, user)
        assert "/sign-in/sms/" not in client.get("/sign-in/ways/").content.decode()
        assert client.get(f"/sign-in/sms/?factor={factor_of(other).pk}").url == "/sign-in/ways/"


class TestRemove:
    """Removing one of several, and the last."""

    def test_of_several_needs_no_password_and_keeps_the_codes(self):
        """ACC-8, ACC-9: the fresh proof is enough."""
        user, key = person_with_all()
        client = browser()
        sign_in_with(client, key)
        other = browser()
        sign_in_with(other, key)
        credential = WebAuthnCredential.objects.get()
        url = remove_url("passkey", credential)
        assert 'type="password"' not in client.get(url).content.decode()
        assert client.post(url).url == "/profile/security/"
        assert client.get("/profile/").status_code == 200
        assert other.get("/profile/").status_code == 302
        assert BackupCode.objects.filter(user=user).count() == 10
        assert has_second_factor(user)
        [mail] = mails(template="factor_removed")
        assert "Key" in mail.text
        assert "Two-step sign-in was turned off" not in mail.subject

    def test_leaves_the_session_verified_by_another_one(self):
        """ACC-8: two factors opened it, and two-step sign-in is still on."""
        _, key = person_with_all()
        client = browser()
        sign_in_with(client, key)
        client.post(remove_url("passkey", WebAuthnCredential.objects.get()))
        assert not client.session["otp_device_id"].startswith("django_otp_webauthn.")

    def test_of_the_last_turns_it_off(self):
        """ACC-9: the codes go with it."""
        user = register()
        client = signed_in(user)
        add_key(client)
        url = remove_url("passkey", WebAuthnCredential.objects.get())
        assert client.post(url, {"password": "wrong-password-entirely"}).status_code == 422
        assert client.post(url, {"password": PASSWORD}).url == "/profile/security/"
        assert not has_second_factor(user)
        assert not BackupCode.objects.exists()
        assert give_password(browser(), user).url == "/"
        assert len(mails(template="factor_removed")) == 1
        names = list(SecurityEvent.objects.filter(user=user).values_list("name", flat=True))
        assert names.count("user.factor_added") == names.count("user.factor_removed") == 1

    def test_twice_is_a_missing_page(self):
        """ACC-8: told once."""
        _, key = person_with_all()
        client = browser()
        sign_in_with(client, key)
        url = remove_url("totp", TOTPDevice.objects.get())
        assert client.post(url).status_code == 302
        assert client.post(url).status_code == 404
        assert len(events_called("user.factor_removed")) == 1

    @pytest.mark.parametrize("what", ["remove", "rename"])
    @pytest.mark.parametrize("kind", ["totp", "sms", "passkey", "nothing"])
    def test_of_another_person_is_a_missing_page(self, kind, what):
        """INC-16: whatever the number."""
        person_with_all()
        client = signed_in(register())
        for number in (*TOTPDevice.objects.values_list("pk", flat=True), factor_of_any(), 10**18):
            url = f"/profile/security/factors/{kind}/{number}/{what}/"
            assert client.get(url).status_code == 404
            assert client.post(url, {"name": "Mine", "password": PASSWORD}).status_code == 404

    def test_asks_for_a_fresh_proof(self, time_machine_at):
        """ACC-8."""
        _, key = person_with_all()
        client = browser()
        sign_in_with(client, key)
        url = remove_url("totp", TOTPDevice.objects.get())
        with time_machine_at(minutes=16):
            assert client.post(url).url.startswith("/profile/security/prove/")
        assert TOTPDevice.objects.exists()


def factor_of_any():
    return WebAuthnCredential.objects.get().pk


class TestRename:
    """A name by which its owner knows it."""

    def test_changes_the_name(self):
        """ACC-8."""
        user, key = person_with_all()
        client = browser()
        sign_in_with(client, key)
        url = f"/profile/security/factors/passkey/{factor_of_any()}/rename/"
        assert client.get(url).status_code == 200
        assert client.post(url, {"name": "Grüner Schlüssel"}).url == "/profile/security/"
        assert "Grüner Schlüssel" in client.get("/profile/security/").content.decode()
        assert "Grüner Schlüssel" in [factor.name for factor in list_added_factors(user)]

    @pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\x00b", "a\x7fb"])
    def test_refuses_what_is_no_name(self, name):
        """Never a 500."""
        _, key = person_with_all()
        client = browser()
        sign_in_with(client, key)
        url = f"/profile/security/factors/passkey/{factor_of_any()}/rename/"
        assert client.post(url, {"name": name}).status_code == 422


class TestRegistry:
    """Every kind can be added from the security page and asked for at sign-in."""

    def test_has_a_page_for_each_kind(self):
        """ACC-8: those of the spec, in the order of the page."""
        client = signed_in(register())
        slugs = [kind.slug for kind in factor_kinds()]
        assert {"totp", "passkey", "sms"} <= set(slugs)
        assert slugs[-1] == "sms"
        page = client.get("/profile/security/").content.decode()
        for kind in factor_kinds():
            assert str(kind.label) in page

    def test_counts_every_kind_as_second_factor(self):
        """ACC-8."""
        for turn_on in (turn_on_totp, turn_on_sms, lambda user: add_key(signed_in(user))):
            user = register()
            assert not has_second_factor(user)
            turn_on(user)
            assert has_second_factor(user)


def public_posts(patterns, before="/"):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if getattr(pattern.callback, "is_public", False) and "<" not in str(pattern.pattern):
                yield before + str(pattern.pattern)
        else:
            yield from public_posts(pattern.url_patterns, before + str(pattern.pattern))


class TestEveryEntrance:
    """No public address signs in who has given the password only."""

    def test_leads_past_the_second_factor(self):
        """INC-15: with e-mail, password and every name of a field that a sign-in could have."""
        user, _ = person_with_all()
        paths = [path for path in public_posts(get_resolver().url_patterns) if path != "/sign-out/"]
        assert {"/sign-in/", "/sign-in/code/", "/sign-in/passkey/", "/sign-in/sms/"} <= set(paths)
        given = {
            **dict.fromkeys(("email", "username", "login"), user.email),
            **dict.fromkeys(("password", "password1", "code", "answer", "token"), PASSWORD),
            "phone": "+41791234567",
        }
        for path in paths:
            client = browser()
            client.raise_request_exception = False
            give_password(client, user)
            for answer in (client.get(path), client.post(path, given)):
                assert answer.status_code < 500, path
            assert "_auth_user_id" not in client.session, path
