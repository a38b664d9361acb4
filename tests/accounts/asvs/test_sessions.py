"""Sessions as ASVS 5.0 V7 asks for them; the rows are in docs/asvs.csv (ACC-14)."""

import math
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.sessions.models import Device, Session
from accounts.users.models import User
from tests.factories.people import PASSWORD, browser, mails, register, signed_in

PAGES = (
    *("accounts:profile", "accounts:security", "accounts:tokens", "accounts:password_change"),
    "organizations:mine",
)


def is_open(client) -> bool:
    return client.get("/profile/").status_code == 200


def with_key(key: str):
    client = browser()
    client.cookies["sessionid"] = key
    return client


def test_are_checked_by_the_server_alone():
    """V7.2.1, V7.2.2: made-up, changed and stored values open nothing; only the key that was given does."""
    client = signed_in(register())
    key = client.cookies["sessionid"].value
    row = Session.objects.get()
    for made_up in ("x" * 32, key[:-1], key.upper(), row.key_hash, str(row.pk), row.data):
        assert not is_open(with_key(made_up))
    assert is_open(with_key(key))


def test_have_keys_that_nobody_guesses():
    """V7.2.3: each has its own, of at least 128 random bits."""
    user = register()
    keys = [signed_in(user).cookies["sessionid"].value for _ in range(20)]
    assert len(set(keys)) == 20
    assert all(len(key) * math.log2(36) >= 128 for key in keys)


def test_end_after_a_week_without_a_request(time_machine_at):
    """V7.3.1"""
    client = signed_in(register())
    with time_machine_at(days=6, hours=23):
        assert is_open(client)
    with time_machine_at(days=6, hours=23):
        client.get("/profile/")
    with time_machine_at(days=14, hours=1):
        assert not is_open(client)


def test_end_after_thirty_days_however_much_they_are_used(time_machine_at):
    """V7.3.2: using it every day, with a proof that writes the session anew, does not help."""
    client = signed_in(register())
    for days in range(1, 30):
        with time_machine_at(days=days):
            client.post("/profile/security/prove/", {"password": PASSWORD})
            assert is_open(client)
    with time_machine_at(days=30, minutes=1):
        assert not is_open(client)


def test_get_a_new_key_with_every_proof():
    """V7.2.4: the password given again is an authentication, too."""
    client = signed_in(register())
    before = client.cookies["sessionid"].value
    assert client.post("/profile/security/prove/", {"password": PASSWORD}).status_code == 302
    assert client.cookies["sessionid"].value != before
    assert not is_open(with_key(before))
    assert is_open(client)


def test_end_with_the_account():
    """V7.4.2: a closed account has no open session."""
    user = register()
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_open(client)


@pytest.mark.parametrize("name", PAGES)
def test_are_ended_from_every_page(name):
    """V7.4.4: the way out is in the frame of each page."""
    page = signed_in(register()).get(reverse(name)).content.decode()
    assert f'action="{reverse("accounts:sign_out")}"' in page


def test_are_ended_by_who_operates_the_panel():
    """V7.4.5: of one person, who is told, or of everybody."""
    user, other = register(), register()
    theirs, others = signed_in(user), signed_in(other)
    call_command("end_sessions", user.email, stdout=StringIO())
    assert not is_open(theirs)
    assert is_open(others)
    assert len(mails(template="sessions_revoked")) == 1
    Device.objects.update(remembered_until="2999-01-01T00:00Z")
    call_command("end_sessions", everybody=True, stdout=StringIO())
    assert not is_open(others)
    assert not Device.objects.filter(remembered_until__isnull=False).exists()


@pytest.mark.parametrize(
    "given", [{}, {"email": "nobody@example.org"}, {"email": "a@b.example", "everybody": True}]
)
def test_are_not_ended_by_a_slip(given):
    """V7.4.5: the command says what it needs."""
    client = signed_in(register())
    arguments = [given["email"]] if "email" in given else []
    with pytest.raises(CommandError):
        call_command("end_sessions", *arguments, everybody=given.get("everybody", False))
    assert is_open(client)


def test_of_others_are_ended_after_a_fresh_proof_alone(time_machine_at):
    """V7.5.2: who finds an open screen signs nobody out."""
    user = register()
    client, other = signed_in(user), signed_in(user)
    with time_machine_at(minutes=16):
        one = Session.objects.latest("pk").pk
        for path in ("/profile/sessions/revoke-others/", f"/profile/sessions/{one}/revoke/"):
            assert client.post(path).url.startswith("/profile/security/prove/")
        assert is_open(other)
