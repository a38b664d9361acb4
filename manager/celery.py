"""The Celery application. Tasks only nudge: what is to be done are rows in PostgreSQL."""

from datetime import datetime
from typing import Any

from celery import Celery
from celery.signals import worker_init

from manager.kit.clock import now

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
def load_gateways(**_told: Any) -> None:
    """Import the drivers of payment providers before the worker forks: its first charges need not wait."""
    from billing.gateway.registry import all_gateways

    all_gateways()


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
