"""What happens to a token while it lives: new secrets, changes, reminders, its end (ACC-16)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from accounts.tokens.models import ApiToken
from accounts.tokens.periodic import drain_tokens
from accounts.tokens.services import InvalidToken, change_token, revoke_token, rotate_token
from accounts.tokens.services.change import TokenEnded
from accounts.tokens.status import EndReason
from tests.factories.people import browser, mails, present, register, signed_in, visitor
from tests.factories.tokens import make_api_token as make
from tests.factories.tokens import profile_status as status


def rotate(token, *, grace=timedelta(days=1), days=90):
    at = present()
    return rotate_token(
        token=token, expires_at=at + timedelta(days=days), grace=grace, actor=visitor(), at=at
    )


class TestRotate:
    """A new secret; the one before goes on for a while."""

    def test_lets_both_work_for_the_grace(self, time_machine_at):
        """ACC-16."""
        token, old = make(register())
        _, new = rotate(token, grace=timedelta(hours=1))
        assert (status(old), status(new)) == (200, 200)
        with time_machine_at(minutes=61):
            assert (status(old), status(new)) == (401, 200)

    def test_ends_the_old_one_at_once_where_wanted(self):
        """ACC-16: after a leak."""
        token, old = make(register())
        _, new = rotate(token, grace=timedelta(0))
        assert (status(old), status(new)) == (401, 200)

    def test_keeps_one_secret_before_alone(self):
        """ACC-16: two rotations leave two secrets, not three."""
        token, first = make(register())
        _, second = rotate(token)
        _, third = rotate(token)
        assert [status(secret) for secret in (first, second, third)] == [401, 200, 200]

    def test_lets_no_old_secret_outlive_its_expiry(self, time_machine_at):
        """ACC-16: a rotation prolongs nothing for who holds the old one."""
        token, old = make(register(), days=1)
        rotate(token, grace=timedelta(days=7))
        with time_machine_at(hours=25):
            assert status(old) == 401

    def test_asks_on_its_page_and_tells_by_mail(self):
        """ACC-11, INC-14."""
        user = register()
        token, old = make(user)
        client = signed_in(user)
        path = f"/profile/tokens/{token.pk}/rotate/"
        assert client.get(path).status_code == 200
        page = client.post(path, {"grace": "0", "days": "365"}).content.decode()
        new = re.search(r"mgr_[0-9A-Za-z]{46}", page).group()
        assert (status(old), status(new)) == (401, 200)
        [mail] = mails(template="api_token_rotated")
        assert "Backup job" in mail.subject
        assert new not in mail.text + mail.html

    @pytest.mark.parametrize("fields", [{"grace": "9999", "days": "90"}, {"grace": "0", "days": "9999"}, {}])
    def test_refuses_bad_input(self, fields):
        """Beside the field, with 422."""
        user = register()
        token, old = make(user)
        assert signed_in(user).post(f"/profile/tokens/{token.pk}/rotate/", fields).status_code == 422
        assert status(old) == 200

    def test_refuses_a_long_grace_and_a_revoked_token(self):
        """ACC-16: the verb checks it, too."""
        token, _ = make(register())
        with pytest.raises(InvalidToken):
            rotate(token, grace=timedelta(days=8))
        revoke_token(token=token, actor=visitor(), at=present())
        with pytest.raises(TokenEnded):
            rotate(token)

    def test_ends_all_secrets_when_revoked(self):
        """ACC-16."""
        token, old = make(register())
        rotated, new = rotate(token)
        revoke_token(token=rotated, actor=visitor(), at=present())
        assert (status(old), status(new)) == (401, 401)


class TestChange:
    """Name and scopes."""

    def test_holds_at_the_next_request(self):
        """ACC-16: the person hears of more, not of less."""
        user = register()
        token, secret = make(user, scopes=("profile:read", "billing:read"))
        client = signed_in(user)
        path = f"/profile/tokens/{token.pk}/change/"
        assert "Backup job" in client.get(path).content.decode()
        client.post(path, {"name": "Robot", "scopes": ["billing:read"]})
        assert status(secret) == 403
        assert not mails(template="api_token_widened")
        client.post(path, {"name": "Robot", "scopes": ["billing:read", "profile:read"]})
        assert status(secret) == 200
        [mail] = mails(template="api_token_widened")
        assert "Read your profile" in mail.text
        assert "invoices" not in mail.text

    def test_needs_fresh_proof_and_ones_own_token(self, time_machine_at):
        """INC-2, INC-14."""
        user = register()
        token, _ = make(user)
        given = {"name": "Robot", "scopes": ["billing:write"]}
        for part in ("change", "rotate", "revoke"):
            assert signed_in(register()).post(f"/profile/tokens/{token.pk}/{part}/", given).status_code == 404
        assert signed_in(register()).get(f"/profile/tokens/{token.pk}/").status_code == 404
        client = signed_in(user)
        with time_machine_at(minutes=16):
            assert client.post(f"/profile/tokens/{token.pk}/change/", given).status_code == 302
        assert ApiToken.objects.get().scopes == ["profile:read"]

    def test_refuses_a_revoked_token(self):
        """ACC-16."""
        token, _ = make(register())
        revoke_token(token=token, actor=visitor(), at=present())
        with pytest.raises(TokenEnded):
            change_token(token=token, name="x", scopes=["billing:read"], actor=visitor(), at=present())


class TestReminders:
    """14 days and 3 days before the expiry, once each."""

    def test_are_sent_once_each_in_the_persons_language(self):
        """ACC-16: also when two workers look at the same time."""
        make(register(language="en"), days=30)
        now = present()
        for days, expected in ((1, 0), (15, 0), (16, 1), (17, 1), (26, 1), (27, 2), (28, 2), (31, 2)):
            drain_tokens(at=now + timedelta(days=days, minutes=1))
            assert len(mails(template="api_token_expires_soon")) == expected, days
        first = mails(template="api_token_expires_soon")[0]
        assert "Backup job" in first.subject

    def test_hold_under_concurrency(self):
        """ACC-16: exactly once."""
        make(register(), days=10)
        at = present()

        def look(_):
            try:
                return drain_tokens(at=at)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(look, range(8))) == 1
        assert len(mails(template="api_token_expires_soon")) == 1

    def test_leave_out_ended_tokens_and_begin_anew_with_a_new_secret(self):
        """ACC-16."""
        user = register()
        revoked, _ = make(user, days=10)
        revoke_token(token=revoked, actor=visitor(), at=present())
        rotated, _ = make(user, days=10)
        drain_tokens(at=present())
        rotate(rotated, days=20)
        drain_tokens(at=present())
        assert not mails(template="api_token_expires_soon")
        drain_tokens(at=present() + timedelta(days=7))
        rotated.refresh_from_db()
        assert rotated.reminded_days == 14


class TestUnused:
    """A token that nobody uses for a year ends."""

    def test_ends_after_a_year_with_a_mail(self):
        """ACC-16."""
        user = register()
        _, secret = make(user, days=730)
        assert drain_tokens(at=present() + timedelta(days=364)) == 0
        assert status(secret) == 200
        assert drain_tokens(at=present() + timedelta(days=366)) == 1
        assert drain_tokens(at=present() + timedelta(days=366)) == 0
        token = ApiToken.objects.get()
        assert token.ended_because == EndReason.UNUSED
        assert status(secret) == 401
        assert len(mails(template="api_token_disabled")) == 1
        page = signed_in(user).get(f"/profile/tokens/{token.pk}/").content.decode()
        assert "Not used for a year" in page

    def test_counts_from_the_last_use(self):
        """ACC-16."""
        token, _ = make(register(), days=730)
        ApiToken.objects.update(last_used_at=present() + timedelta(days=100))
        assert drain_tokens(at=present() + timedelta(days=400)) == 0
        assert drain_tokens(at=present() + timedelta(days=466)) == 1
        assert token.pk == ApiToken.objects.exclude(revoked_at=None).get().pk


class TestUse:
    """Last use with its address, written at most once a minute."""

    def test_is_noted_with_the_address(self, query_count):
        """ACC-16."""
        user = register()
        token, secret = make(user)
        client = browser(authorization=f"Bearer {secret}")
        client.get("/api/1/profile", REMOTE_ADDR="192.0.2.44")
        token.refresh_from_db()
        first = token.last_used_at
        assert token.last_used_address == "192.0.2.44"
        with query_count() as seen:
            client.get("/api/1/profile", REMOTE_ADDR="192.0.2.55")
        assert not [sql for sql in seen.statements if "UPDATE" in sql and "apitoken" in sql]
        token.refresh_from_db()
        assert (token.last_used_at, token.last_used_address) == (first, "192.0.2.44")
        assert "192.0.2.44" in signed_in(user).get(f"/profile/tokens/{token.pk}/").content.decode()

    def test_of_a_mistyped_token_reaches_no_database(self, query_count):
        """ACC-16: the checksum refuses it."""
        _, secret = make(register())
        client = browser(authorization=f"Bearer {secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}")
        with query_count() as seen:
            assert client.get("/api/1/profile").status_code == 401
        assert not [sql for sql in seen.statements if "apitoken" in sql]
