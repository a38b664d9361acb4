"""Mails that a person can do without (ACC-14), and those that always come (ACC-11)."""

from datetime import timedelta

from accounts.tokens.services import create_token, remind_of_expiry
from accounts.users.mails import OptionalMail
from manager.kit.clock import now
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from tests.factories.cast import client_of, make_person
from tests.factories.members import actor_of
from tests.factories.tokens import token_client

PAGE = "/profile/notifications/"


def templates():
    return set(OutgoingMail.objects.values_list("template", flat=True))


def make_token(person, days):
    create_token(
        user=person,
        name="deploy",
        scopes=["profile:read"],
        organization_id=None,
        expires_at=now() + timedelta(days=days),
        actor=actor_of(person),
        at=now(),
    )


def test_all_optional_mails_come_until_switched_off():
    """ACC-14"""
    client = client_of(make_person())
    assert all(row["is_on"] for row in client.get(PAGE).context["choices"])


def test_a_mail_that_is_switched_off_stays_away_and_security_mails_come():
    """ACC-11, ACC-14"""
    person = make_person()
    client_of(person).post(PAGE, {"mails": [OptionalMail.ACCESS_REQUESTS]})
    make_token(person, days=10)
    remind_of_expiry(at=now())
    drain_outbox(at=now())
    assert "api_token_expires_soon" not in templates()
    assert "api_token_created" in templates()


def test_a_mail_that_is_on_comes():
    """ACC-14"""
    person = make_person()
    make_token(person, days=10)
    remind_of_expiry(at=now())
    drain_outbox(at=now())
    assert "api_token_expires_soon" in templates()


def test_a_made_up_kind_changes_nothing():
    """Bad input is never a mistake of ours."""
    person = make_person()
    answer = client_of(person).post(PAGE, {"mails": ["token_expiry", "everything", "\x00"]})
    assert answer.status_code == 422
    person.refresh_from_db()
    assert person.muted_mails == []


def test_the_api_reads_and_chooses():
    """API-1"""
    person = make_person()
    api = token_client(person, "profile:read", "profile:write")
    path = "/api/1/profile/notifications"
    assert len(api.get(path).json()["data"]["mails"]) == 3
    answer = api.put(path, {"mails": ["access_answers"]}, content_type="application/json")
    assert answer.json()["data"] == {"mails": ["access_answers"]}
    assert api.put(path, {"mails": ["news"]}, content_type="application/json").status_code == 422
