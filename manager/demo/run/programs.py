"""The processes of a running panel: what each is called, runs and adds to the environment."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

WEBHOOK_PATH = "/webhooks/stripe/"
WEBHOOK_SECRET = "whsec_sandbox"  # noqa: S105 - both ends are on this machine


@dataclass(frozen=True)
class Program:
    """A process to keep running."""

    name: str
    command: list[str]
    variables: Mapping[str, str] = field(default_factory=dict)


def sandbox_program(port: int, data_dir: Path, public_base_url: str) -> Program:
    """Return the payments sandbox on `port`; its events go to the panel at `public_base_url`."""
    return Program(
        name="sandbox",
        command=[
            *(sys.executable, "-m", "manager.demo.psp", "--port", str(port), "--data", str(data_dir / "psp")),
            *("--fee", "290:30"),
            *("--webhook-url", public_base_url + WEBHOOK_PATH, "--webhook-secret", WEBHOOK_SECRET),
        ],
    )


def postfinance_program(port: int, data_dir: Path, public_base_url: str) -> Program:
    """Return the test server of PostFinance on `port`; its events go to the panel at `public_base_url`."""
    return Program(
        name="postfinance",
        command=[
            *(sys.executable, "-m", "manager.demo.postfinance", "--port", str(port)),
            *("--data", str(data_dir / "postfinance")),
            *("--webhook-url", f"{public_base_url}/webhooks/postfinance/"),
        ],
    )


def register_program(port: int) -> Program:
    """Return the demonstration's register of VAT numbers on `port`."""
    return Program(name="register", command=[sys.executable, "-m", "manager.demo.vies", "--port", str(port)])


def web_program(port: int) -> Program:
    """Return the web server on `port` of the loopback address."""
    return Program(
        name="web",
        # Threads, because browsers hold idle connections that would each block a plain worker.
        command=[
            *(sys.executable, "-m", "gunicorn", "manager.wsgi:application", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
            # The sources are read once, not once for each worker.
            *("--preload", "--graceful-timeout", "5", "--timeout", "60"),
            *("--access-logfile", "-", "--no-control-socket"),
        ],
        variables={"DATABASE_ROLE": "web"},
    )


def background_programs() -> list[Program]:
    """Return the Celery worker and the beat."""
    celery = [sys.executable, "-m", "celery", "-A", "manager.celery"]
    return [
        Program(
            name="worker",
            command=[*celery, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"],
            variables={"DATABASE_ROLE": "worker"},
        ),
        Program(
            name="beat",
            command=[*celery, "beat", "--loglevel", "INFO"],
            variables={"DATABASE_ROLE": "worker"},
        ),
    ]
