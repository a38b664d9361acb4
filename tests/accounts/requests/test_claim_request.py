"""A request under a key is carried out once, and answered alike (API-5)."""

from datetime import timedelta

import pytest
from django.db import connections

from accounts.requests.models import SentRequest
from accounts.requests.periodic import drain_sent_requests
from accounts.requests.services import Answer, claim_request, digest_of, keep_answer
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from organizations.teams.models import Team
from organizations.teams.services import create_team
from tests.factories.together import all_at_once
from tests.factories.webhooks import make_endpoint
from tests.isolation.world import make_token

SCOPES = ("organizations:read", "organizations:write", "profile:write", "billing:read", "billing:write")
TEAM = {"name": "Night shift", "color": "blue"}


def teams(organization) -> int:
    with tenant_scope(organization.pk):
        return Team.objects.filter(organization_id=organization.pk).count()


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def hold(owner, organization, *, key: str, at):
    """Begin the request of `TEAM` as another process would, and go no further."""
    path = f"/api/1/organizations/{organization.pk}/teams"
    digest = digest_of(method="POST", path=path, body=b'{"name": "Night shift", "color": "blue"}')
    return claim_request(user=owner, organization_id=organization.pk, key=key, digest=digest, at=at)


def test_answers_a_repeated_request_alike(organization, send):
    """API-5: same status, body and type; marked; the verb ran once; refusals are repeated as well."""
    first = send("POST", "teams", TEAM, key="a")
    again = send("POST", "teams", TEAM, key="a")
    assert first.status_code == again.status_code == 201
    assert (again.content, again["Content-Type"]) == (first.content, first["Content-Type"])
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert again["RateLimit"].startswith('"default";r=58;')
    assert teams(organization) == 1

    team = first.json()["data"]["id"]
    refusals = [send("PATCH", f"teams/{team}", {"name": ""}, key="b") for _ in range(2)]
    assert [code(answer) for answer in refusals] == [(422, "validation_failed")] * 2
    assert refusals[1]["Idempotency-Replayed"] == "true"
    gone = [send("DELETE", f"teams/{team}", key="c") for _ in range(2)]
    assert {answer.status_code for answer in gone} == {gone[0].status_code} != {404}
    assert gone[0].content == gone[1].content
    assert send("DELETE", f"teams/{team}", key="d").status_code == 404


def test_refuses_another_request_under_the_key(organization, send):
    """API-5: another body, path, or method."""
    team = send("POST", "teams", TEAM, key="a").json()["data"]["id"]
    others = [
        send("POST", "teams", {**TEAM, "name": "Day shift"}, key="a"),
        send("POST", f"teams/{team}/members", TEAM, key="a"),
        send("DELETE", f"teams/{team}", key="a"),
    ]
    assert [code(answer) for answer in others] == [(422, "idempotency_key_reused")] * 3
    assert teams(organization) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "tab\tbed", "é"], ids=str.__len__)
def test_refuses_a_key_of_another_form(organization, send, key):
    """API-5: 1 to 255 visible ASCII characters."""
    assert code(send("POST", "teams", TEAM, key=key)) == (400, "idempotency_key_invalid")
    assert SentRequest.objects.count() == teams(organization) == 0


def test_keeps_keys_of_others_apart(owner, organization, send):
    """INC-4: a key is the person's, within what the token reaches; a new secret of the same reach goes on."""
    first = send("POST", "teams", TEAM, key="a")
    everywhere = make_token(owner, scopes=("organizations:write",))[1]
    assert send("POST", "teams", TEAM, key="a", token=everywhere).status_code == 409  # the name is taken
    same = make_token(owner, scopes=SCOPES, bound=organization.pk)[1]
    assert send("POST", "teams", TEAM, key="a", token=same).content == first.content
    narrow = make_token(owner, scopes=("organizations:write",), bound=organization.pk)[1]
    assert code(send("POST", "teams", TEAM, key="a", token=narrow)) == (403, "access_denied")
    poor = make_token(owner, scopes=("organizations:read",), bound=organization.pk)[1]
    assert send("POST", "teams", TEAM, key="a", token=poor).status_code == 403


def test_gives_no_answer_again_to_who_may_not_see_it_any_more(owner, organization, send):
    """INC-4: also where the handler alone looks so closely, here at what an endpoint gets."""
    endpoint, _secret = make_endpoint(organization, events=("invoice.issued",))
    path = f"webhooks/{endpoint.pk}/secret"
    first = send("POST", path, key="a")
    assert first.json()["data"]["secret"]
    assert send("POST", path, key="a").content == first.content
    poor = make_token(owner, scopes=("organizations:write",), bound=organization.pk)[1]
    assert code(send("POST", path, token=poor)) == (403, "access_denied")
    assert code(send("POST", path, key="a", token=poor)) == (403, "access_denied")


def test_runs_once_of_many_at_the_same_time(organization, send):
    """API-5: exactly one runs; the others hear that it does, or its answer."""

    def ask():
        try:
            return send("POST", "teams", TEAM, key="a")
        finally:
            connections.close_all()

    answers = all_at_once(*[ask] * 8)
    assert teams(organization) == 1
    made = [answer for answer in answers if answer.status_code == 201]
    assert len([answer for answer in made if "Idempotency-Replayed" not in answer]) == 1
    assert len({answer.content for answer in made}) == 1
    rest = [answer for answer in answers if answer not in made]
    assert {code(answer) for answer in rest} <= {(409, "idempotency_key_in_use")}
    assert all(answer["Retry-After"] for answer in rest)


def test_tells_applications_apart():
    """INC-4: the same request of an application is another one, and has no answer of somebody else's."""
    same = {"method": "POST", "path": "/", "body": b""}
    assert len({digest_of(**same, application_id=each) for each in (None, 1, 2)}) == 3


def test_takes_over_from_a_crash(owner, organization, send):
    """API-5: what died in the middle is carried out by the next, after a lease; the dead one is not heard."""
    hold(owner, organization, key="a", at=now())
    running = send("POST", "teams", TEAM, key="a")
    assert code(running) == (409, "idempotency_key_in_use")
    assert running["Retry-After"]
    dead = hold(owner, organization, key="b", at=now() - timedelta(minutes=3))
    answer = send("POST", "teams", TEAM, key="b")
    assert (answer.status_code, answer.has_header("Idempotency-Replayed")) == (201, False)
    assert not keep_answer(claim=dead, answer=Answer(200, {}, b"late"))
    assert send("POST", "teams", TEAM, key="b").content == answer.content
    assert teams(organization) == 1


def test_keeps_no_answer_that_may_change_by_itself(owner, organization, send, settings):
    """API-5: not what the panel could not do (5xx), nor 401 and 429."""
    settings.REDIS_URL, known = "redis://127.0.0.1:1/0", settings.REDIS_URL
    assert code(send("POST", "teams", TEAM, key="a")) == (503, "unavailable_for_the_moment")
    settings.REDIS_URL = known
    assert send("POST", "teams", TEAM, key="a", token="none").status_code == 401
    assert SentRequest.objects.count() == 0
    assert send("POST", "teams", TEAM, key="a").status_code == 201


def test_forgets_a_mistake_of_ours(organization, send, monkeypatch):
    """API-5: the next one is carried out."""

    def broken(**_given):
        raise ZeroDivisionError

    monkeypatch.setattr("organizations.teams.api.create_team", broken)
    with pytest.raises(ZeroDivisionError):
        send("POST", "teams", TEAM, key="a")
    monkeypatch.setattr("organizations.teams.api.create_team", create_team)
    assert send("POST", "teams", TEAM, key="a").status_code == 201


def test_is_kept_for_two_days_and_unreadable(owner, organization, send):
    """API-5: 48 hours, encrypted; the old secret of a token is in no answer that lies around."""
    send("POST", "teams", TEAM, key="a")
    row = SentRequest.objects.get()
    assert b"Night shift" not in bytes(row.answer)
    at = row.created_at
    SentRequest.objects.update(created_at=at - timedelta(hours=47, minutes=59))
    assert drain_sent_requests(at=at + timedelta(days=400)) == 0  # by the real clock
    SentRequest.objects.update(created_at=at - timedelta(hours=48), lease_until=at - timedelta(hours=47))
    assert drain_sent_requests(at=now()) == 1
    assert not SentRequest.objects.exists()
