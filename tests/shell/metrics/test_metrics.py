"""The metrics for Prometheus, and that each rule of `docs/operations.md` speaks of one that exists."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from django.test import Client
from pytest_django import Settings

from accounts.tokens.periodic import drain_token_use
from billing.runs.models import RunKind
from billing.runs.services import count, finish_run, note_failure, start_run
from manager.outbox.models import OutboxEvent
from manager.shell.metrics.exposition import Metric, write

LINE = re.compile(r'^([a-z_]+)((?:\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\})?) (-?\d+)$')
TOKEN = "a-long-token-of-the-installation"


def read(client: Client) -> dict[str, int]:
    """Return the values by name and labels; every line has to be one that Prometheus understands."""
    answer = client.get("/metrics/", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    values = {}
    for line in answer.content.decode().splitlines():
        if line.startswith("#"):
            assert re.match(r"^# (HELP|TYPE) [a-z_]+ \S", line), line
            continue
        found = LINE.match(line)
        assert found, line
        assert found[1] + found[2] not in values
        values[found[1] + found[2]] = int(found[3])
    return values


def rules() -> list[dict[str, str]]:
    """Return the alert rules of the handbook."""
    text = Path("docs/operations.md").read_text()
    [block] = [part for part in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "alert:" in part]
    return [rule for group in yaml.safe_load(block)["groups"] for rule in group["rules"]]


def test_nobody_reads_them_without_the_token(client: Client, settings: Settings) -> None:
    """Without a token set, and with a wrong one, nothing is here."""
    assert client.get("/metrics/", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for header in ("", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"):
        assert client.get("/metrics/", headers={"Authorization": header}).status_code == 404, header


def test_each_rule_speaks_of_a_metric_that_exists(client: Client, settings: Settings) -> None:
    """An alert on a name that nobody writes would never ring."""
    settings.METRICS_TOKEN = TOKEN
    at = datetime.now(UTC)
    run = start_run(kind=RunKind.PLANNING, total=None, at=at)
    names = {key.partition("{")[0] for key in read(client)}
    found = rules()
    assert len(found) >= 8
    for rule in found:
        used = set(re.findall(r"\bmanager_[a-z_]+", rule["expr"]))
        assert used, rule
        assert used <= names, rule
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["action"]
    finish_run(run=run, at=at)


def test_they_tell_what_waits_and_what_ran(client: Client, settings: Settings) -> None:
    """Ages are in seconds; the latest run of each kind is told with its counts."""
    settings.METRICS_TOKEN = TOKEN
    at = datetime.now(UTC)
    OutboxEvent.objects.create(name="x.y", payload={}, created_at=at - timedelta(minutes=10))
    run = start_run(kind=RunKind.CHARGING, total=None, at=at)
    count(run=run, charged=7, failed=1, duration_ms=1500)
    finish_run(run=run, at=at, error="RuntimeError: x")
    for _ in range(3):
        note_failure(kind="charge", subject_id=1, organization_id=None, error="x", at=at)
    values = read(client)
    assert values['manager_queue_waiting{queue="outbox"}'] == 1
    assert 600 <= values['manager_queue_oldest_seconds{queue="outbox"}'] < 660
    assert values['manager_quarantine_rows{kind="charge"}'] == 1
    assert values['manager_run_rows{kind="charging",result="charged"}'] == 7
    assert values['manager_run_duration_milliseconds{kind="charging"}'] == 1500
    assert values['manager_run_failed{kind="charging"}'] == 1
    assert values["manager_unknown_attempts"] == 0


def test_labels_are_escaped() -> None:
    """A quotation mark or a line break in a label does not break the format."""
    [*_, line] = write([Metric("manager_x", "X.").set(1, kind='a"b\n\\')]).splitlines()
    assert line == 'manager_x{kind="a\\"b\\n\\\\"} 1'


def test_tells_that_redis_is_gone(client: Client, settings: Settings) -> None:
    """API-3: the alarm works without what it speaks of, and so does the periodic work that moves counts."""
    settings.METRICS_TOKEN = TOKEN
    assert read(client)["manager_redis_up"] == 1
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
    told = read(client)
    assert (told["manager_redis_up"], told["manager_beat_age_seconds"]) == (0, -1)
    assert drain_token_use(at=datetime.now(UTC)) == 0
