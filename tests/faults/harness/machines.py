"""The processes that are killed: Celery's worker and beat, Valkey's contents, PostgreSQL."""

import contextlib
import os
import random
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis
from django.conf import settings
from django.db import connections

from manager.demo.services.processes import stop_process
from tests.database import TestDatabase
from tests.fixtures.processes import Child

CELERY = (sys.executable, "-m", "celery", "-A", "tests.faults.harness.program")


@dataclass
class Machines:
    """All of them. `toll` counts what was done to them."""

    folder: Path
    database: TestDatabase
    chance: random.Random
    may_stop_postgres: bool
    toll: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        variables = {"DATABASE_ROLE": "worker", "FAULTS_FOLDER": str(self.folder)}
        worker = ("worker", "--pool=prefork", "--concurrency=2", "--without-gossip", "--without-mingle")
        self.worker = Child((*CELERY, *worker, "--loglevel=INFO"), self.folder / "worker.log", variables)
        self.beat = Child((*CELERY, "beat", "--loglevel=INFO"), self.folder / "beat.log", variables)

    def tend(self) -> None:
        """Start again what has died, as the operator's supervisor does."""
        for child in (self.worker, self.beat):
            if child.process is None or child.process.poll() is not None:
                child.launch()

    def end(self) -> None:
        """Kill both for good."""
        self.worker.kill()
        self.beat.kill()

    def make_mischief(self) -> None:
        """Do one of the things that happen to machines, at random."""
        deeds = [self.kill_worker, self.kill_child, self.kill_child, self.kill_beat, self.flush]
        self.chance.choice([*deeds, self.stop_postgres] if self.may_stop_postgres else deeds)()

    def kill_worker(self) -> None:
        """Kill the worker with all its children (SIGKILL)."""
        self.worker.kill()
        self.toll["worker killed"] += 1

    def kill_child(self) -> None:
        """Kill one of the worker's children, whatever it does at this moment."""
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(self.worker.process.pid).children() if self.worker.process else []
            if children:
                os.kill(self.chance.choice(children).pid, signal.SIGKILL)
                self.toll["child killed"] += 1

    def kill_beat(self) -> None:
        """Kill the beat."""
        self.beat.kill()
        self.toll["beat killed"] += 1

    def flush(self) -> None:
        """Lose all that the queue and the cache hold."""
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            client.flushdb()
        self.toll["Redis flushed"] += 1

    def stop_postgres(self) -> None:
        """Stop PostgreSQL at once (`-m immediate`) and start it again; it recovers by its log."""
        postgres = self.database.services.postgres
        self.database.close()
        connections.close_all()
        pid = postgres.find_pid()
        if pid is not None:
            stop_process(pid, first=signal.SIGQUIT, grace=20)
        postgres.start(dies_with_parent=False)
        self.toll["PostgreSQL stopped at once"] += 1

    def keep_what_is_committed(self) -> None:
        """Let a commit be on disk when it is answered, as in production; the tests' cluster is lax."""
        with self.database.connect() as connection:
            connection.execute(f"ALTER DATABASE {self.database.name} SET synchronous_commit = on")
