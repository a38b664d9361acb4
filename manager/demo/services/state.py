"""What the embedded services remember between two starts: their ports and passwords."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROLES = ("manager_owner", "manager_web", "manager_worker", "manager_system")
SUPERUSER = "postgres"
CACHE = "valkey"

LOOPBACK = "127.0.0.1"


@dataclass
class State:
    """Ports by service name and passwords by role, kept in DATA_DIR/services.json (mode 0600)."""

    ports: dict[str, int] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, data_dir: Path) -> "State":
        """Read the state of `data_dir`; a missing file gives fresh passwords and no ports."""
        path = data_dir / "services.json"
        state = cls(**json.loads(path.read_text())) if path.exists() else cls()
        for name in (*ROLES, SUPERUSER, CACHE):
            state.passwords.setdefault(name, secrets.token_urlsafe(24))
        return state

    def save(self, data_dir: Path) -> None:
        """Write the state so that only its owner can read it, replacing the old file in one step."""
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / "services.json.new"
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            json.dump(asdict(self), handle, indent=2)
        draft.replace(data_dir / "services.json")

    def choose_port(self, service: str) -> int:
        """Return the remembered port of `service` while it is free, otherwise remember another one."""
        port = self.ports.get(service)
        if port is None or not port_is_free(port):
            port = self.ports[service] = find_free_port()
        return port


def port_is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def find_free_port() -> int:
    """Return a port of the loopback address on which nobody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def exclusive(data_dir: Path) -> Iterator[None]:
    """Hold the start/stop lock of `data_dir`; the kernel gives it back even after a kill -9."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "services.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
