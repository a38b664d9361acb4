"""All checks of the doctor, one after the other; one that cannot work is itself a finding."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db import DatabaseError
from redis.exceptions import RedisError

from manager.shell.doctor import database, keys, surroundings
from manager.shell.doctor.findings import Finding, wrong

Check = Callable[[], Iterator[Finding]]


def list_checks(*, at: datetime) -> list[tuple[str, Check]]:
    """Return the checks as of `at`, each with the name that stands in the table when it cannot work."""
    return [
        ("database connections", database.check_connections),
        ("database roles", database.check_roles),
        ("row-level security", database.check_row_security),
        ("migrations", database.check_migrations),
        ("redis", partial(surroundings.check_cache, at=at)),
        ("beat", partial(surroundings.check_beat, at=at)),
        ("mail", surroundings.check_mail),
        ("company", surroundings.check_seller),
        ("payments", surroundings.check_payments),
        ("secret key", surroundings.check_secret_key),
        ("keys of files", keys.check_files_keys),
        ("public address", surroundings.check_addresses),
    ]


def examine(*, at: datetime) -> list[Finding]:
    """Return what every check found as of `at`."""
    findings: list[Finding] = []
    for subject, check in list_checks(at=at):
        try:
            findings += check()
        except (DatabaseError, RedisError, OSError) as error:
            # OSError: mail servers that do not answer, refuse the sign-in or the certificate.
            findings.append(wrong(subject, " ".join(str(error).split()) or type(error).__name__))
    return findings
