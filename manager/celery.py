"""The Celery application. Tasks only nudge: what is to be done are rows in PostgreSQL."""

import logging
from datetime import datetime
from typing import Any

from celery import Celery
from celery.signals import worker_init

from manager.kit.clock import now

logger = logging.getLogger(__name__)

app = Celery("manager")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Without this, other threads than the first have an application of their own without a broker.
app.set_default()

# A nudged drain may publish for those that come after it; they run in the same task.
FOLLOWED_BY = {
    "outbox": ("outbox", "provisioning", "renewals", "outbox", "mails"),
    "payments": ("payments", "outbox", "mails"),
    "renewals": ("renewals", "outbox", "provisioning", "mails"),
}


@worker_init.connect
def warm_up(**_told: Any) -> None:
    """Do before the worker forks what its first work would wait for: imports, and SQL written once."""
    from django.db import DatabaseError, connections

    from billing.gateway.registry import all_gateways
    from manager import schedule  # noqa: F401  (all that runs by itself)
    from manager.kit.prepared import write_all_ahead

    all_gateways()
    try:
        write_all_ahead()
    except DatabaseError:
        logger.warning("The database cannot be reached; statements are written when they are needed.")
    finally:
        connections.close_all()


@app.task(name="manager.run_periodic")
def run_periodic(name: str) -> None:
    """Run one kind of periodic work, and what follows from it, as of now."""
    from manager.schedule import get_periodic

    for follower in FOLLOWED_BY.get(name, (name,)):
        get_periodic(follower).run(now())


@app.task(name="manager.tick")
def run_tick() -> None:
    """Do all periodic work as of now; started by the beat each minute."""
    from manager.schedule import tick
    from manager.shell.heartbeat import record_beat

    at: datetime = now()
    record_beat(at=at)
    tick(at=at)
