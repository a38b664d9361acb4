"""Make the refunds that are due in a process of its own that is killed at the point DIE_AT."""

import os
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings.test")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402

from billing.refunds.models import Refund  # noqa: E402
from billing.refunds.periodic import drain_refunds  # noqa: E402
from tests.faults.killing import die_at  # noqa: E402


def use_killed_gateway() -> None:
    """Let the provider's name lead to the gateway that dies."""
    path = "tests.faults.killing.KilledGateway"
    known = settings.GATEWAYS["stripe"]
    settings.GATEWAYS["stripe"] = {**known, "driver": path} if isinstance(known, dict) else path


def die_before_the_last_commit() -> None:
    """Die when the money's return is written, and not committed yet."""
    if os.environ.get("DIE_AT") != "before_commit":
        return
    whole = transaction.Atomic.__exit__

    def leave(block: transaction.Atomic, kind: object, error: object, trace: object) -> None:
        if block.durable and Refund.objects.filter(status="succeeded").exists():
            die_at("before_commit")
        whole(block, kind, error, trace)

    transaction.Atomic.__exit__ = leave


use_killed_gateway()
die_before_the_last_commit()
drain_refunds(at=datetime.now(UTC))
