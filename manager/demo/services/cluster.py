"""Both services together: started once per data directory, shared by whoever names that directory."""

import os
from collections.abc import Mapping
from pathlib import Path

from manager.demo.services.postgres import DATABASE, Postgres
from manager.demo.services.state import ROLES, State, exclusive
from manager.demo.services.valkey import Valkey


class Services:
    """The embedded PostgreSQL and Valkey of one data directory."""

    def __init__(self, data_dir: Path, *, volatile: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self.state = State.load(self.data_dir)
        self.postgres = Postgres(self.data_dir, self.state, volatile=volatile)
        self.valkey = Valkey(self.data_dir, self.state, volatile=volatile)

    def start(
        self,
        *,
        postgres: bool = True,
        valkey: bool = True,
        reuse: bool = False,
        dies_with_parent: bool = True,
    ) -> None:
        """Start what is asked for; with `reuse` a server that already runs is left as it is."""
        with exclusive(self.data_dir):
            self._reload()
            for wanted, service in ((postgres, self.postgres), (valkey, self.valkey)):
                if not wanted or (reuse and service.find_pid()):
                    continue
                service.stop()
                # Passwords must be on disk before a cluster that knows them is.
                self.state.save(self.data_dir)
                service.start(dies_with_parent=dies_with_parent)
                self.state.save(self.data_dir)

    def stop(self) -> None:
        """Stop both services and wait for their end."""
        with exclusive(self.data_dir):
            self._reload()
            self.valkey.stop()
            self.postgres.stop()
            self.state.save(self.data_dir)

    def environment(self, given: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the variables by which the settings find the services; those in `given` are left out.

        An operator's own DATABASE_URL or REDIS_URL always wins over the embedded service.
        """
        given = os.environ if given is None else given
        variables: dict[str, str] = {}
        if "DATABASE_URL" not in given and "postgres" in self.state.ports:
            variables["DATABASE_URL"] = self.postgres.url("manager_owner", DATABASE)
            for role in ROLES[1:]:
                name = role.removeprefix("manager_").upper()
                variables[f"DATABASE_{name}_PASSWORD"] = self.state.passwords[role]
        if "REDIS_URL" not in given and "valkey" in self.state.ports:
            variables["REDIS_URL"] = self.valkey.url()
        return variables

    def _reload(self) -> None:
        fresh = State.load(self.data_dir)
        if (self.data_dir / "services.json").exists():
            self.state.__dict__.update(fresh.__dict__)
