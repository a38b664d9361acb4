"""The panel's Celery application as the harness runs it: `celery -A tests.faults.harness.program worker`.

The same application, with three differences: it dies where it is told to, its edge asks a clock that can be
set forward, and it waits for the provider and between two ticks for a shorter time.
"""

import os
import time
from datetime import datetime
from pathlib import Path

from celery import Task
from celery.signals import task_postrun, task_prerun
from django.conf import settings

import manager.celery as edge
from manager.kit import clock, points
from tests.faults.harness.orders import Orders

PROVIDER_SECONDS = 1.5
TICK_SECONDS = 2.0
LOST_SECONDS = 0.5

orders = Orders(Path(os.environ["FAULTS_FOLDER"]))


def ahead() -> datetime:
    """Return the present of these processes."""
    return clock.now() + orders.clock()


edge.now = ahead
points.watch(orders.obey)
settings.GATEWAYS["stripe"]["timeout"] = PROVIDER_SECONDS
app = edge.app
app.conf.worker_lost_wait = LOST_SECONDS
app.conf.beat_schedule["tick"]["schedule"] = TICK_SECONDS

_begun: dict[str, float] = {}


@task_prerun.connect
def begin(task_id: str, **_: object) -> None:
    """Remember when a task began."""
    _begun[task_id] = time.time()


@task_postrun.connect
def end(task_id: str, task: Task, **_: object) -> None:
    """Note a tick that was not killed on its way."""
    begun = _begun.pop(task_id)
    if task.name == edge.run_tick.name:
        orders.note_tick(begun)
