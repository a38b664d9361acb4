"""Sign-in history and what it tells (ACC-14)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.profile.periodic import drain_old_history
from accounts.users.models import SecurityEvent
from manager.kit.clock import now
from manager.outbox.relay import drain_outbox
from tests.factories.cast import client_of, make_person
from tests.factories.people import PASSWORD, register
from tests.factories.tokens import token_client

PAGE = "/profile/security/history/"


def names(user):
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("name", flat=True))


@pytest.fixture
def person():
    return register()


class TestWhatIsNoted:
    def test_a_sign_in_with_its_place(self, person):
        """ACC-14"""
        client = Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
        client.post("/sign-in/", {"email": person.email, "password": PASSWORD})
        event = SecurityEvent.objects.get(user=person, name="user.signed_in")
        assert event.address == "127.0.0.1"
        assert "Firefox" in event.agent

    def test_a_wrong_password(self, person):
        """ACC-14, ACC-17"""
        Client().post("/sign-in/", {"email": person.email, "password": "not the password"})
        drain_outbox(at=now())
        assert names(person) == ["user.sign_in_failed"]

    def test_nothing_for_a_login_that_nobody_has(self, person):
        """INC-8"""
        Client().post("/sign-in/", {"email": "nobody@example.com", "password": "not the password"})
        drain_outbox(at=now())
        assert not SecurityEvent.objects.exists()


class TestThePage:
    def test_shows_the_newest_first_and_only_ones_own(self, person):
        """ACC-14"""
        Client().post("/sign-in/", {"email": register().email, "password": "not the password"})
        client = Client()
        client.post("/sign-in/", {"email": person.email, "password": PASSWORD})
        drain_outbox(at=now())
        rows = client.get(PAGE).context["rows"]
        assert [row["event"].name for row in rows] == ["user.signed_in", "user.signed_in_from_new_device"]

    @pytest.mark.parametrize(("only", "count"), [("", 3), ("sign-ins", 2), ("failed", 1), ("nonsense", 3)])
    def test_is_filtered(self, person, only, count):
        """UI-2"""
        for name in ("user.signed_in", "user.sign_in_failed", "user.password_changed"):
            SecurityEvent.objects.create(user=person, name=name, actor_kind="person", created_at=now())
        client = client_of(person)
        SecurityEvent.objects.filter(name="user.signed_in_from_new_device").delete()
        assert len(client.get(PAGE, {"only": only}).context["rows"]) == count

    def test_takes_the_same_queries_for_3_and_300_events(self, person, query_count):
        """A list's queries do not grow with the list."""
        client, counts = client_of(person), []
        client.get(PAGE)
        for number in (3, 300):
            SecurityEvent.objects.bulk_create(
                SecurityEvent(user=person, name="user.signed_in", actor_kind="person", created_at=now())
                for _ in range(number)
            )
            with query_count() as seen:
                client.get(PAGE)
            counts.append(seen.count)
        assert counts[0] == counts[1]

    def test_says_what_to_expect_when_empty(self):
        """UI-2"""
        client = client_of(make_person())
        SecurityEvent.objects.all().delete()
        assert "first entry" in client.get(PAGE).content.decode()


def test_the_api_lists_the_same(person):
    """API-1"""
    for name in ("user.signed_in", "user.sign_in_failed"):
        SecurityEvent.objects.create(user=person, name=name, actor_kind="person", created_at=now())
    api = token_client(person, "profile:read")
    data = api.get("/api/1/profile/history", {"filter[only]": "failed"}).json()["data"]
    assert [row["name"] for row in data] == ["user.sign_in_failed"]
    assert api.get("/api/1/profile/history", {"filter[only]": "x"}).status_code == 422


def test_is_forgotten_after_13_months(person):
    """ACC-14"""
    for days in (395, 397):
        SecurityEvent.objects.create(
            user=person, name="user.signed_in", actor_kind="person", created_at=now() - timedelta(days=days)
        )
    assert drain_old_history(at=now()) == 1
    assert SecurityEvent.objects.count() == 1
