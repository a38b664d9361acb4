"""Whoever carries out a request under a key is killed, frozen, or fails: never is it done twice (API-5)."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db.models import F
from django.test import Client

from accounts.requests.models import SentRequest
from manager.kit.points import watching
from manager.kit.scope import tenant_scope
from organizations.teams.models import Team
from organizations.teams.services import create_team
from tests.environment import ROOT
from tests.factories.cast import make_person, make_tenant
from tests.isolation.world import make_token

TEAM = json.dumps({"name": "Night shift", "color": "blue"})


class Program:
    """A program of somebody who leads an organization, which sends the same request again and again."""

    def __init__(self) -> None:
        owner = make_person()
        self.organization = make_tenant(owner)
        self.token = make_token(owner, scopes=("organizations:write",))[1]
        self.path = f"/api/1/organizations/{self.organization.pk}/teams"

    def send(self, key: str = "a") -> tuple[int, str]:
        """Return the status and the code, which is empty where it went well."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        client = Client(raise_request_exception=False)
        answer = client.post(self.path, TEAM, content_type="application/json", headers=headers)
        return answer.status_code, answer.json().get("error", {}).get("code", "")

    def send_and_die(self, point: str) -> None:
        """Send it in a process that is killed at `point`."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.send_and_die", point, self.path, TEAM, "a"],
            cwd=ROOT,
            env={**os.environ, "TOKEN": self.token},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]

    @property
    def teams(self) -> int:
        """How many teams there are."""
        with tenant_scope(self.organization.pk):
            return Team.objects.filter(organization_id=self.organization.pk).count()


def end_lease() -> None:
    SentRequest.objects.update(lease_until=F("lease_until") - timedelta(minutes=2))


def test_what_died_between_its_commit_and_its_answer_is_not_done_again(psp: object) -> None:
    """API-5: the outcome is not known under this key any more, and a new one is asked for."""
    program = Program()
    program.send_and_die("request.carried_out")
    assert program.teams == 1
    assert program.send() == (409, "idempotency_key_in_use")
    end_lease()
    assert [program.send() for _ in range(2)] == [(409, "idempotency_outcome_unknown")] * 2
    with tenant_scope(program.organization.pk):  # so that a second one would find its name free
        Team.objects.filter(organization_id=program.organization.pk).delete()
    assert (program.send(), program.teams) == ((409, "idempotency_outcome_unknown"), 0)
    assert (program.send("b"), program.teams) == ((201, ""), 1)


def test_what_died_before_it_wrote_anything_is_done_once(psp: object) -> None:
    """API-5"""
    program = Program()
    program.send_and_die("request.claimed")
    assert program.send() == (409, "idempotency_key_in_use")
    end_lease()
    assert [program.send() for _ in range(2)] == [(201, "")] * 2
    assert program.teams == 1


def test_who_was_frozen_for_longer_than_the_lease_commits_nothing(
    superuser_connection: psycopg.Connection, psp: object
) -> None:
    """API-5: another one took its place while it stood still."""
    program = Program()

    def take_over(point: str, _organization_id: int | None) -> None:
        if point == "request.claimed":
            superuser_connection.execute("update accounts_sentrequest set fence = fence + 1")

    with watching(take_over):
        assert program.send() == (409, "idempotency_key_in_use")
    assert program.teams == 0


def test_a_mistake_of_ours_after_a_commit_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """API-5: one before it is, see tests/accounts/requests."""
    program = Program()

    def broken(**given: Any) -> None:
        create_team(**given)
        raise ZeroDivisionError

    monkeypatch.setattr("organizations.teams.api.create_team", broken)
    assert program.send()[0] == 500
    monkeypatch.setattr("organizations.teams.api.create_team", create_team)
    assert program.send() == (409, "idempotency_outcome_unknown")
    assert program.teams == 1
