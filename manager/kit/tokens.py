"""Secrets in links and tokens: made here, stored hashed only."""

import hashlib
import secrets


def make_secret(length: int = 32) -> str:
    """Return a new random secret of `length` bytes, safe in an address."""
    return secrets.token_urlsafe(length)


def hash_secret(secret: str) -> str:
    """Return what is stored of a secret. The secrets are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
