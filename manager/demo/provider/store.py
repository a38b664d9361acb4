"""Everything the sandbox knows: in memory, and in SQLite before each answer, so that a restart keeps it."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Thing = dict[str, Any]

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS things (id TEXT PRIMARY KEY, kind TEXT NOT NULL, position INTEGER, body TEXT)"
)


class Store:
    """Objects by kind and id. Not thread-safe by itself: the sandbox's lock is held around each use."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(SCHEMA)
        self._kinds: dict[str, dict[str, Thing]] = {}
        self._positions: dict[str, int] = {}
        self._dirty: dict[str, Thing | None] = {}
        self._load()

    def _load(self) -> None:
        rows = self._database.execute("SELECT id, position, body FROM things ORDER BY position")
        for identifier, position, body in rows:
            thing = json.loads(body)
            self._kinds.setdefault(thing["object"], {})[identifier] = thing
            self._positions[identifier] = position

    def put(self, thing: Thing) -> Thing:
        """Add an object, or note that it changed; `object` is its kind."""
        identifier = thing["id"]
        self._kinds.setdefault(thing["object"], {})[identifier] = thing
        self._positions.setdefault(identifier, len(self._positions) + 1)
        self._dirty[identifier] = thing
        return thing

    def get(self, kind: str, identifier: str) -> Thing | None:
        """Return an object, or None."""
        return self._kinds.get(kind, {}).get(identifier)

    def anything(self, identifier: str) -> Thing | None:
        """Return the object of any kind with this id, or None."""
        for things in self._kinds.values():
            if identifier in things:
                return things[identifier]
        return None

    def newest_first(self, kind: str) -> Iterator[Thing]:
        """Yield the objects of a kind, newest first."""
        return reversed(self._kinds.get(kind, {}).values())

    def oldest_first(self, kind: str) -> list[Thing]:
        """Return the objects of a kind, oldest first."""
        return list(self._kinds.get(kind, {}).values())

    def count(self, kind: str) -> int:
        """Return how many objects of a kind there are."""
        return len(self._kinds.get(kind, {}))

    def remove(self, thing: Thing) -> None:
        """Forget an object."""
        self._kinds.get(thing["object"], {}).pop(thing["id"], None)
        self._dirty[thing["id"]] = None

    def clear(self) -> None:
        """Forget everything, on disk too."""
        self._kinds.clear()
        self._positions.clear()
        self._dirty.clear()
        self._database.execute("DELETE FROM things")

    def commit(self) -> None:
        """Write what changed, all or nothing."""
        if not self._dirty:
            return
        self._database.execute("BEGIN IMMEDIATE")
        for identifier, thing in self._dirty.items():
            if thing is None:
                self._database.execute("DELETE FROM things WHERE id = ?", (identifier,))
            else:
                self._database.execute(
                    "INSERT OR REPLACE INTO things VALUES (?, ?, ?, ?)",
                    (identifier, thing["object"], self._positions[identifier], json.dumps(thing)),
                )
        self._database.execute("COMMIT")
        self._dirty.clear()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
