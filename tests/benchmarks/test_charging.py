"""How fast renewals are charged at a slow provider, which is never called faster than set (BIL-11).

The sandbox stands behind HTTP: 200 ms for each charge, 2 % errors, 429 above the rate; it counts what comes.
"""

import os
import subprocess
import sys
import threading
import time

import psycopg

from billing.payments.models import PaymentAttempt
from billing.payments.periodic import drain_stale_attempts
from tests.environment import ROOT
from tests.factories.cast import make_tenant
from tests.factories.payments import close_connections, make_method, provider
from tests.factories.products import make_plan
from tests.factories.renewals import days_before, make_renewing, plan

RATE = 25
PROCESSES = 2
CHARGES = 200
DAY = days_before(14)
CHARGE = {"method": "POST", "path": "/v1/payment_intents"}
FAULTS = [
    {"match": CHARGE, "times": None, "kind": "rate_limited", "per_second": RATE, "ms": 1000},
    {"match": CHARGE, "times": None, "kind": "error_500_after_success", "probability": 0.02, "seed": 7},
    {"match": CHARGE, "times": None, "kind": "delay", "ms": 200},
]


# What a worker does with its turn, in a process of its own; it tells what of the processor that took.
WORK = """
import sys, time
from datetime import datetime
import django
django.setup()
import manager.celery
from celery.signals import worker_init
worker_init.send(sender=None)
from billing.renewals.charging import drain_charges
print("ready", flush=True)
sys.stdin.readline()
began = time.process_time()
while drain_charges(at=datetime.fromisoformat(sys.argv[1])):
    pass
print(time.process_time() - began, flush=True)
"""


def start_workers():
    """Return processes that are ready to charge, as several workers of one panel."""
    variables = {**os.environ, "CHARGES_PER_SECOND": f"*={RATE}", "CHARGES_AT_ONCE": "6"}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, DAY.isoformat()],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(PROCESSES)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    return workers


class Watch(threading.Thread):
    """Looks all the time whether a transaction of the panel is open and idle while the provider is called."""

    def __init__(self, connection: psycopg.Connection) -> None:
        super().__init__(daemon=True)
        self.connection, self.looks, self.longest, self.over = connection, 0, 0.0, threading.Event()

    def run(self) -> None:
        open_ones = (
            "select coalesce(max(extract(epoch from clock_timestamp() - state_change)), 0)"
            " from pg_stat_activity where datname = current_database() and state = 'idle in transaction'"
        )
        while not self.over.wait(0.02):
            row = self.connection.execute(open_ones).fetchone()
            self.looks += 1
            self.longest = max(self.longest, float(row[0]) if row else 0.0)


def let_work(workers):
    """Let all work at the same time; return the seconds until the last is done, and of the processor."""
    began = time.perf_counter()
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    worked = [float(worker.stdout.readline()) for worker in workers]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.communicate(timeout=60)
    return seconds, sum(worked)


def test_the_rate_is_used_and_never_exceeded(psp, superuser_connection, record_property):
    """BIL-11: 90 % of 25 a second at least, never more, each charged once, no transaction open in a call."""
    catalog = make_plan()
    for _number in range(CHARGES):
        organization = make_tenant(time_zone="UTC")
        make_method(organization)
        make_renewing(organization, plan=catalog)
        plan(organization, DAY)
    psp.plan_faults(FAULTS)
    workers = start_workers()
    watch = Watch(superuser_connection)
    watch.start()
    seconds, worked = let_work(workers)
    watch.over.set()
    watch.join()
    limited = psp.faults_taken()[0]
    psp.plan_faults([])
    drain_stale_attempts(at=DAY)
    for minutes in (1, 2):
        drain_stale_attempts(at=DAY.replace(minute=minutes))
    charges = provider().charges()
    figures = {
        "charges": len(charges),
        "rate_per_second": round(CHARGES / seconds, 1),
        "of_the_set_rate_percent": round(100 * CHARGES / seconds / RATE, 1),
        "processor_ms_per_charge": round(1000 * worked / CHARGES, 1),
        "answers_too_many_requests": limited,
        "longest_idle_in_transaction_ms": round(watch.longest * 1000),
        "looks": watch.looks,
        "attempts": PaymentAttempt.objects.using("system").count(),
    }
    for name, value in figures.items():
        record_property(name, value)
    print(figures)
    assert len({entry["metadata"]["invoice"] for entry in charges}) == len(charges) == CHARGES
    assert limited == 0
    assert watch.longest < 0.2
    assert CHARGES / seconds >= 0.9 * RATE
    close_connections()
