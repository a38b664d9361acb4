"""Machines behind HTTP that the webhook driver speaks to, and a product that they serve."""

import threading
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from manager.demo.machines.server import Machines, Server
from tests.factories import recording as record
from tests.fixtures.http import Site

SECRET = "the-secret-of-the-machines-0123456789"
OLD_SECRET = "the-secret-that-was-there-before-0123"


@pytest.fixture
def machines(settings: Settings, site: Site) -> Iterator[Machines]:
    """Machines that serve plans of all kinds, and call the panel back at its public address."""
    with Server(0, Machines(secret=SECRET)) as server:
        settings.PROVISIONING_DRIVERS = {
            "machines": {
                "driver": "products.provisioning.webhook.WebhookDriver",
                "url": server.url,
                "secrets": [SECRET, OLD_SECRET],
                "actions": ["restart", "soft-reset"],
            },
            "local": "products.provisioning.local.LocalDriver",
        }
        settings.PROVISIONING_KINDS = {"*": "machines"}
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.machines
        server.shutdown()


@pytest.fixture
def recording(settings: Settings) -> None:
    """Let the local driver record what it performs, from an empty record on."""
    record.performed.clear()
    record.interruptions.clear()
    settings.PROVISIONING_DRIVERS = {"local": "tests.factories.recording.RecordingDriver"}
