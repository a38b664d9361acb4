"""Where Django may migrate: only on the owner's connection."""

from typing import Any


class OwnerMigrates:
    """Route migrations to the alias `owner`; the other roles own no table and cannot create any."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Return whether `app_label` may be migrated on the alias `db`."""
        return db == "owner"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        """Allow relations between rows of the aliases: they are one database under several roles."""
        return True
