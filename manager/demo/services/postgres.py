"""The embedded PostgreSQL: made once, started on a port of the loopback address, stopped cleanly."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from manager.demo.services.account import Account, find_account, locate_programs, prepare_home
from manager.demo.services.processes import (
    ServiceFailed,
    find_process,
    read_tail,
    spawn,
    stop_process,
)
from manager.demo.services.roles import create_database, create_roles, prepare_database
from manager.demo.services.state import LOOPBACK, ROLES, SUPERUSER, State

DATABASE = "manager"
START_SECONDS = 60.0

SETTINGS: dict[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
# Only a cluster whose data may be lost with the machine: the tests' one.
VOLATILE: dict[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Tests delete rows in thousands: without it the tables would grow with every test.
    "autovacuum_naptime": "10",
    # Several test processes share it, and some let a hundred clients work at the same time.
    "max_connections": "500",
}


class Postgres:
    """The cluster in DATA_DIR/postgres with its superuser `postgres` and the panel's four roles."""

    def __init__(self, data_dir: Path, state: State, *, volatile: bool) -> None:
        self.data_dir = data_dir
        self.state = state
        self.volatile = volatile
        self.account: Account | None = find_account()
        self.log = data_dir / "postgres.log"

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address of `database` for `role`, with its password."""
        port = self.state.ports["postgres"]
        return f"postgresql://{role}:{self.state.passwords[role]}@{LOOPBACK}:{port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Return an autocommit connection of the superuser."""
        return psycopg.connect(self.url(SUPERUSER, database), autocommit=True, connect_timeout=10)

    def find_pid(self) -> int | None:
        """Return the pid of the running server of this data directory, if there is one."""
        path = self.data_dir / "postgres" / "data" / "postmaster.pid"
        try:
            pid = int(path.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        mentions = str((self.data_dir / "postgres").resolve())
        return pid if find_process(pid, named="postgres", mentions=mentions) else None

    def start(self, *, dies_with_parent: bool = True) -> None:
        """Start the server, after making the cluster the first time, and wait until it answers."""
        home = prepare_home(self.data_dir, self.account)
        programs = locate_programs(self.data_dir, self.account)
        if not (home / "data" / "PG_VERSION").exists():
            self._make_cluster(home, programs)
        self._forget_dead_server(home)
        for attempt in (1, 2, 3):
            if self._launch(home, programs, dies_with_parent=dies_with_parent):
                break
            if attempt == 3:
                raise ServiceFailed(f"PostgreSQL did not start:\n{read_tail(self.log)}")
            # The back-ends of a killed server let go of its shared memory within a second or two.
            time.sleep(1)
        self._bootstrap()

    def stop(self) -> None:
        """Stop the server of this data directory, ending open connections."""
        if pid := self.find_pid():
            stop_process(pid, first=signal.SIGINT, grace=20)

    def _make_cluster(self, home: Path, programs: Path) -> None:
        secret = home / "password"
        secret.write_text(self.state.passwords[SUPERUSER])
        secret.chmod(0o600)
        if self.account:
            os.chown(secret, self.account.uid, self.account.gid)
        command = [
            *(str(programs / "initdb"), "-D", str(home / "data"), "-U", SUPERUSER, f"--pwfile={secret}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
            *(["--no-sync"] if self.volatile else []),
        ]
        done = subprocess.run(
            command,
            cwd=home,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
            **(self.account.as_popen() if self.account else {}),
        )
        secret.unlink()
        if done.returncode:
            raise ServiceFailed(f"initdb failed:\n{done.stdout}\n{done.stderr}")

    def _forget_dead_server(self, home: Path) -> None:
        # After a kill -9 and a reboot the pid may belong to another program of ours, which PostgreSQL
        # would take for a live server.
        if self.find_pid() is None:
            (home / "data" / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self, home: Path, programs: Path, *, dies_with_parent: bool) -> bool:
        port = self.state.choose_port("postgres")
        command = [str(programs / "postgres"), "-D", str(home / "data"), "-p", str(port)]
        for name, value in (SETTINGS | VOLATILE if self.volatile else SETTINGS).items():
            command += ["-c", f"{name}={value}"]
        process = spawn(
            command,
            log=self.log,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            account=self.account,
            cwd=home,
            dies_with_parent=signal.SIGINT if dies_with_parent else None,
        )
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    process.kill()
                    raise ServiceFailed(f"PostgreSQL does not answer:\n{read_tail(self.log)}") from None
                time.sleep(0.05)
            else:
                return True
        return False

    def _bootstrap(self) -> None:
        with self.connect() as connection:
            create_roles(connection, {role: self.state.passwords[role] for role in ROLES})
            create_database(connection, DATABASE)
        with self.connect(DATABASE) as connection:
            prepare_database(connection)
