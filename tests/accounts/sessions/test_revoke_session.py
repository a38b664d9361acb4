"""Ending sessions (ACC-14), and signing out."""

from datetime import timedelta

from accounts.sessions.models import Session
from accounts.sessions.periodic import drain_expired_sessions
from accounts.sessions.services import delete_expired_sessions
from tests.factories.people import browser, mails, present, register, signed_in


def is_signed_in(client) -> bool:
    return client.get("/profile/").status_code == 200


class TestSecurityPage:
    """The list of sessions."""

    def test_shows_them_without_their_keys(self):
        """INC-17: an id at most, never the key."""
        user = register()
        client, other = signed_in(user), signed_in(user)
        page = client.get("/profile/security/").content.decode()
        assert page.count("Firefox on Linux") == 2
        for cookie in (client, other):
            assert cookie.cookies["sessionid"].value not in page

    def test_needs_the_same_queries_for_many(self, query_count):
        """A list page's queries are constant."""
        user = register()
        client = signed_in(user)
        client.get("/profile/security/")
        with query_count() as few:
            client.get("/profile/security/")
        for _ in range(8):
            signed_in(user)
        with query_count() as many:
            client.get("/profile/security/")
        assert few.count == many.count


class TestRevokeSession:
    """`revoke_session` signs a browser out."""

    def test_ends_another_session_at_once_and_tells(self):
        """ACC-14, ACC-11."""
        user = register()
        client, other = signed_in(user), signed_in(user)
        doomed = Session.objects.filter(user=user).latest("pk")
        assert client.post(f"/profile/sessions/{doomed.pk}/revoke/").url == "/profile/security/"
        assert not is_signed_in(other)
        assert is_signed_in(client)
        assert len(mails(template="sessions_revoked")) == 1

    def test_answers_404_for_a_session_of_another_person(self):
        """INC-2: exactly as for one that never was."""
        stranger, owner = register(), register()
        client, victim = signed_in(stranger), signed_in(owner)
        foreign = Session.objects.get(user=owner)
        assert client.post(f"/profile/sessions/{foreign.pk}/revoke/").status_code == 404
        assert client.post("/profile/sessions/999999999/revoke/").status_code == 404
        assert client.post(f"/profile/sessions/{10**30}/revoke/").status_code == 404
        assert is_signed_in(victim)

    def test_ends_all_others(self):
        """ACC-14: this one stays; nobody else's is touched."""
        user, neighbour = register(), register()
        client = signed_in(user)
        others = [signed_in(user) for _ in range(3)]
        next_door = signed_in(neighbour)
        client.post("/profile/sessions/revoke-others/")
        assert is_signed_in(client)
        assert not any(is_signed_in(other) for other in others)
        assert is_signed_in(next_door)

    def test_does_nothing_by_a_link(self):
        """Only a form changes something."""
        assert signed_in(register()).get("/profile/sessions/revoke-others/").status_code == 405


class TestSignOut:
    """Signing out ends the session on the server."""

    def test_ends_the_session(self):
        """A kept cookie opens nothing."""
        client = signed_in(register())
        kept = client.cookies["sessionid"].value
        client.post("/sign-out/")
        other = browser()
        other.cookies["sessionid"] = kept
        assert not is_signed_in(other)
        assert not Session.objects.filter(user__isnull=False).exists()

    def test_is_no_link(self):
        """An image on another page signs nobody out."""
        client = signed_in(register())
        assert client.get("/sign-out/").status_code == 405
        assert is_signed_in(client)


class TestDrainExpiredSessions:
    """`delete_expired_sessions` clears the table."""

    def test_deletes_what_has_expired_only(self):
        """After two weeks."""
        signed_in(register())
        assert drain_expired_sessions(at=present()) == 0
        later = present() + timedelta(days=15)
        assert drain_expired_sessions(at=later) == 0  # nobody is signed out by a moment still to come
        assert delete_expired_sessions(at=later) == 1
        assert not Session.objects.exists()

    def test_leaves_no_door_open_meanwhile(self, time_machine_at):
        """An expired session opens nothing, whether it was cleared or not."""
        client = signed_in(register())
        with time_machine_at(days=15):
            assert not is_signed_in(client)


class TestLastSeen:
    """The list says when a session was last used."""

    def test_is_noted_every_few_minutes(self, time_machine_at):
        """ACC-14."""
        client = signed_in(register())
        before = Session.objects.get().last_seen_at
        with time_machine_at(minutes=2):
            client.get("/profile/")
        assert Session.objects.get().last_seen_at == before
        with time_machine_at(minutes=6):
            client.get("/profile/")
        assert Session.objects.get().last_seen_at > before
