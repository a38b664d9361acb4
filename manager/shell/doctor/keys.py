"""The keys of files encrypted at rest: there, and long enough."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from manager.kit.encryption import SHORTEST_KEY, weak_keys
from manager.shell.doctor.findings import Finding, right, wrong

MISSING = "FILES_KEYS is not set: no identity document can be stored"
WEAK = f"has keys of less than {SHORTEST_KEY} characters"


def check_files_keys() -> Iterator[Finding]:
    """Check that there are keys, that they are long, and that none is in the sources."""
    keys = settings.FILES_KEYS
    if not keys:
        yield wrong("keys of files", MISSING)
    elif weak_keys(keys):
        yield wrong("keys of files", f"FILES_KEYS {WEAK}")
    elif any(key.startswith("only-for-") for key in keys) and not settings.DEMONSTRATION:
        yield wrong("keys of files", "one is in the sources, where everybody can read it")
    else:
        yield right("keys of files", f"{len(keys)} set; the first one encrypts")


def examine_files_keys(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Refuse to start commands without keys (a system check of Django)."""
    if not settings.FILES_KEYS:
        return [Error(MISSING, hint="See .env.example.", id="manager.E001")]
    if weak_keys(settings.FILES_KEYS):
        return [Error(f"FILES_KEYS {WEAK}", hint="See .env.example.", id="manager.E002")]
    return []
