"""The environment variables that `make run` adds to what the operator has set."""

import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

from manager.demo.postfinance.signing import AUTHENTICATION_KEY, SPACE_ID, USER_ID
from manager.demo.run.programs import WEBHOOK_SECRET
from manager.demo.services.cluster import Services

ROOT = Path(__file__).resolve().parents[3]


def find_data_dir() -> Path:
    """Return DATA_DIR, relative to the project, `.local` when it is not set."""
    return (ROOT / os.environ.get("DATA_DIR", ".local")).resolve()


def complete(variables: MutableMapping[str, str]) -> None:
    """Add what is missing in `variables` so that the settings find the services of DATA_DIR.

    Whatever is set already is kept. For the owner's address alone no role's password is known, so an
    operator who sets DATABASE_URL sets the DATABASE_*_PASSWORD as well.
    """
    data_dir = find_data_dir()
    if (data_dir / "services.json").exists():
        variables.update(Services(data_dir).environment(variables))
    if "STRIPE_API_KEY" not in variables:
        for name, value in sandbox_variables(data_dir).items():
            variables.setdefault(name, value)
    if "VIES_API_BASE" not in variables and (port := Services(data_dir).state.ports.get("vies")):
        variables["VIES_API_BASE"] = f"http://127.0.0.1:{port}"
        variables.setdefault("UID_API_BASE", f"http://127.0.0.1:{port}/uid")
    if "PUBLIC_BASE_URL" not in variables and (port := Services(data_dir).state.ports.get("web")):
        variables["PUBLIC_BASE_URL"] = f"http://127.0.0.1:{port}"
    if "FILES_KEYS" not in variables:
        variables["FILES_KEYS"] = files_key(data_dir)
    if "PUSH_PRIVATE_KEY" not in variables:
        variables["PUSH_PRIVATE_KEY"] = push_key(data_dir)


def files_key(data_dir: Path) -> str:
    """Return the key under which this DATA_DIR's files are encrypted."""
    return _kept_secret(data_dir, "files.key", 48)


def push_key(data_dir: Path) -> str:
    """Return the private key with which this DATA_DIR's panel speaks to push services: 32 bytes for P-256."""
    return _kept_secret(data_dir, "push.key", 32)


def _kept_secret(data_dir: Path, name: str, length: int) -> str:
    """Return a random secret that DATA_DIR keeps, made at the first use (mode 0600)."""
    path = data_dir / name
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f"{name}.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(length))
        try:
            os.link(draft, path)  # of several processes at once, one wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def sandbox_variables(data_dir: Path) -> dict[str, str]:
    """Return the variables of the providers' test servers, once their ports are known."""
    ports = Services(data_dir).state.ports
    if "psp" not in ports:
        return {}
    variables = {
        "STRIPE_API_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": f"http://127.0.0.1:{ports['psp']}",
    }
    if "postfinance" in ports:
        variables |= {
            "POSTFINANCE_SPACE_ID": SPACE_ID,
            "POSTFINANCE_USER_ID": USER_ID,
            "POSTFINANCE_AUTHENTICATION_KEY": AUTHENTICATION_KEY,
            "POSTFINANCE_API_BASE": f"http://127.0.0.1:{ports['postfinance']}/api/v2.0",
        }
    return variables
