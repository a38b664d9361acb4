"""Read the settings' environment variables, so that each is named and checked in one place."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def text(name: str, default: str | None = None) -> str:
    """Return the variable `name`; raise ImproperlyConfigured when it is missing and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name} (see .env.example).")
    return value


def flag(name: str, default: bool = False) -> bool:
    """Return whether the variable `name` says yes (1, true, yes, on)."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated items of the variable `name`."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def pairs(name: str) -> dict[str, str]:
    """Return the comma-separated `key=value` items of the variable `name`."""
    items = [item.partition("=") for item in words(name)]
    if wrong := [key for key, _sign, value in items if not key or not value]:
        raise ImproperlyConfigured(f"{name} holds {wrong[0]!r}, which is no key=value.")
    return {key.strip(): value.strip() for key, _sign, value in items}


def rates(name: str, default: int) -> dict[str, int]:
    """Return whole numbers a second by name (`stripe=25`); `*` is for each name without one of its own."""
    found = {"*": str(default), **pairs(name)}
    if wrong := [key for key, value in found.items() if not value.isascii() or not value.isdigit()]:
        raise ImproperlyConfigured(f"{name} has no whole number for {wrong[0]!r}.")
    if wrong := [key for key, value in found.items() if not 1 <= int(value) <= 10_000]:
        raise ImproperlyConfigured(f"{name} for {wrong[0]!r} is not between 1 and 10000.")
    return {key: int(value) for key, value in found.items()}


def whole_numbers(name: str, default: str, *, below: int) -> tuple[int, ...]:
    """Return the different whole numbers of the variable `name`, from 0 up to `below`, largest first."""
    given = words(name, default)
    allowed = {str(number) for number in range(below)}
    if len(set(given)) != len(given) or not set(given) <= allowed:
        raise ImproperlyConfigured(f"{name} are different whole numbers from 0 to {below - 1}.")
    return tuple(sorted((int(item) for item in given), reverse=True))


def database(url: str, *, user: str | None = None, password: str | None = None) -> dict[str, object]:
    """Return a DATABASES entry for `url`, with another role and password where given.

    The scope is set per transaction, so that a transaction-pooling proxy works: no server-side
    cursors, and connections are kept between requests.
    """
    parts = urlsplit(url)
    return {
        "ENGINE": "manager.kit.database",
        "NAME": parts.path.lstrip("/"),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "USER": user or unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") if password is None else password,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "connect_timeout": 10,
            # Statements that ask for it are kept with their plans (manager.kit.prepared).
            "prepare_threshold": 5 if flag("DATABASE_PLANS", default=True) else None,
        },
    }


def passkey_site(base_url: str) -> tuple[str, list[str]]:
    """Return the host name to which passkeys are bound, and the origins from which they are taken."""
    parts = urlsplit(base_url)
    host = "localhost" if parts.hostname in {"127.0.0.1", "::1", None} else str(parts.hostname)
    shown = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    return host, [f"{parts.scheme}://{shown}{port}"]


def email(url: str) -> dict[str, object]:
    """Return Django's e-mail settings for an `inbox://` or `smtp://user:password@host:port?tls=1` URL."""
    parts = urlsplit(url)
    if parts.scheme == "inbox":
        return {"EMAIL_BACKEND": "manager.demo.inbox.backend.InboxBackend"}
    if parts.scheme != "smtp":
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp:// or inbox://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": "tls=1" in parts.query,
        "EMAIL_TIMEOUT": 15,
    }
