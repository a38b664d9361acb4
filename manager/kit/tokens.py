"""Secrets in links and tokens: made here, stored hashed only."""

import base64
import hashlib
import secrets

from django.utils.crypto import salted_hmac

from manager.kit.ids import parse_id


def make_secret(length: int = 32) -> str:
    """Return a new random secret of `length` bytes, safe in an address."""
    return secrets.token_urlsafe(length)


def hash_secret(secret: str) -> str:
    """Return what is stored of a secret. The secrets are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derive_secret(salt: str, facts: str) -> str:
    """Return the secret that belongs to `facts` under `salt`: it can be shown again, and nobody stores it."""
    digest = salted_hmac(salt, facts, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def split_key(key: str) -> tuple[int, str] | None:
    """Return the id and the secret of a link's key, `<id>-<secret>`; None where it is no such key."""
    number, _dash, secret = key.partition("-")
    owner = parse_id(number)
    return (owner, secret) if owner is not None and secret else None
