"""`make check`: every check of the project, each with its time; the first line says what failed."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from manager.demo.run.environment import find_data_dir
from manager.demo.services import Services

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")
APPS = ("accounts", "billing", "organizations", "outbox", "products")
AUDIT = (str(BIN / "pip-audit"), "--disable-pip", "--progress-spinner=off", "--format=json")
OFFLINE = {"DJANGO_SETTINGS_MODULE": "manager.settings.test"}

LINT_MIGRATIONS = (
    *("lintmigrations", "--database", "owner", "--sql-analyser", "postgresql", "--no-cache"),
    # A first migration makes tables that hold nothing yet.
    *("--ignore-initial-migrations", "--include-apps", *APPS),
    # 0004 makes a column's values unique where it has just added the column, so that they are none yet; 0006
    # widens a column of the failures that a demonstration plans, which takes no rewriting; 0007 makes a
    # column unique where it has just filled it, one document for each credit note. 0008_cart makes a column
    # unique where it has just added it, 0009_promotions gives owners to tables that it has just made, and
    # 0008_lists adds columns that the database fills. 0013_reservations makes unique what it has just made;
    # 0014_means and 0017_tax widen a short column, which takes no rewriting. 0021_settlements makes unique a
    # column that it adds empty, 0008_vat_numbers and 0011_program_use what a stricter rule kept unique, and
    # 0031_days what holds the primary key.
    *("--ignore-name", "0004_catalog", "0006_provisioning", "0007_credit_notes", "0008_cart"),
    *("0009_promotions", "0008_lists", "0013_reservations", "0014_means", "0017_tax", "0021_settlements"),
    *("0008_vat_numbers", "0011_program_use", "0031_days"),
)

# A filled environment of a real installation, with secrets of the moment.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "manager.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "FILES_KEYS": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "panel.example",
    "PUBLIC_BASE_URL": "https://panel.example",
    "DATABASE_URL": "postgresql://manager_owner:secret@127.0.0.1:1/manager",
    "DATABASE_WEB_PASSWORD": "secret",
    "DATABASE_WORKER_PASSWORD": "secret",
    "DATABASE_SYSTEM_PASSWORD": "secret",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "STRIPE_API_KEY": "sk_live_filled",
    "STRIPE_WEBHOOK_SECRET": "whsec_filled",
    "EMAIL_URL": "smtp://user:secret@mail.example:587?tls=1",
}


@dataclass(frozen=True)
class Check:
    """One program that must end with 0, unless `excuse` finds in its output that it could not work."""

    name: str
    command: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    excuse: Callable[[str], bool] = lambda output: False
    needs_database: bool = False


def advisories_unreachable(output: str) -> bool:
    """Tell whether pip-audit could not ask its service: no connection, or no package known there."""
    if any(word in output for word in ("ConnectionError", "ConnectTimeout", "Max retries exceeded")):
        return True
    start = output.find('{"dependencies"')
    if start < 0:
        return False
    dependencies = json.JSONDecoder().raw_decode(output[start:])[0]["dependencies"]
    return all("skip_reason" in dependency for dependency in dependencies)


CHECKS = (
    Check("format", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
    Check("lint", (str(BIN / "ruff"), "check", "--quiet", ".")),
    Check("contracts", (str(BIN / "lint-imports"), "--no-logo")),
    Check("types", (str(BIN / "mypy"),), OFFLINE),
    Check("migrations complete", (*MANAGE, "makemigrations", "--check", "--dry-run"), OFFLINE),
    Check("migrations safe", (*MANAGE, *LINT_MIGRATIONS), OFFLINE, needs_database=True),
    Check("templates", (str(BIN / "djlint"), "templates", "--lint", "--quiet")),
    Check("translations", (*MANAGE, "check_translations"), OFFLINE),
    Check("deployment", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Check(
        "dependency audit",
        (*AUDIT, "-r", "requirements/base.txt"),
        excuse=advisories_unreachable,
    ),
)


def main() -> int:
    """Run the checks named on the command line, all by default; returns 1 when one fails."""
    wanted = set(sys.argv[1:]) or {check.name for check in CHECKS}
    chosen = [check for check in CHECKS if check.name in wanted]
    with _database(needed=any(check.needs_database for check in chosen)) as variables:
        # Two at a time, the longest first, so that the others are done beside it.
        queue = sorted(chosen, key=lambda check: check.name != "types")
        with ThreadPoolExecutor(max_workers=2) as pool:
            passed = list(pool.map(lambda check: _passes(check, variables), queue))
        failed = [check.name for check, ok in zip(queue, passed, strict=True) if not ok]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


@contextmanager
def _database(*, needed: bool) -> Iterator[dict[str, str]]:
    """Give the variables of an empty database, which the migrations' linter asks for their SQL."""
    if not needed:
        yield {}
        return
    services = Services(find_data_dir() / "check", volatile=True)
    services.start(valkey=False)
    try:
        yield services.environment({})
    finally:
        services.stop()


def _passes(check: Check, database: Mapping[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**os.environ, **check.variables, **(database if check.needs_database else {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    excused = check.excuse(done.stdout)
    verdict = "not done: the service cannot be reached from here" if excused else "ok"
    if done.returncode and not excused:
        verdict = "FAILED"
    told = f"{done.stdout}\n" if verdict == "FAILED" else ""
    print(f"{told}{check.name:20} {verdict}  ({time.monotonic() - started:.1f} s)\n", end="", flush=True)
    return verdict != "FAILED"


if __name__ == "__main__":
    sys.exit(main())
