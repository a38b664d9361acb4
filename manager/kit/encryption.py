"""Encryption at rest of what must not be read from a copy of the database: documents, keys of devices.

AES-256-GCM with a key for each purpose, derived from FILES_KEYS. The first of these keys encrypts, all of
them decrypt, so that a new key is put in front and an old one removed once nothing is left under it.
"""

import hashlib
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# A stored value: version, mark of the key, nonce, then the ciphertext with its tag.
VERSION = b"\x01"
MARK_LENGTH = 4
NONCE_LENGTH = 12
HEAD_LENGTH = len(VERSION) + MARK_LENGTH + NONCE_LENGTH
SHORTEST_KEY = 32


class CannotDecrypt(Exception):
    """The value is damaged, was made for another purpose, or its key is no longer in FILES_KEYS."""


class NoKeys(RuntimeError):
    """FILES_KEYS is empty: nothing may be stored unencrypted instead."""


def encrypt(data: bytes, *, purpose: str) -> bytes:
    """Return `data` encrypted under the present key, readable for the same `purpose` alone.

    The purpose names the field and, where rows must not be swapped, the row: `identity.image:17:front`.

    :raises NoKeys: there is no key.
    """
    mark, key = _derive(_present_keys()[0], purpose)
    nonce = secrets.token_bytes(NONCE_LENGTH)
    head = VERSION + mark + nonce
    return head + AESGCM(key).encrypt(nonce, data, head + purpose.encode())


def decrypt(stored: bytes | memoryview, *, purpose: str) -> bytes:
    """Return what `encrypt` was given for this purpose.

    :raises CannotDecrypt: see there.
    :raises NoKeys: there is no key.
    """
    value = bytes(stored)
    head, body = value[:HEAD_LENGTH], value[HEAD_LENGTH:]
    mark = head[len(VERSION) : len(VERSION) + MARK_LENGTH]
    if len(value) < HEAD_LENGTH or not head.startswith(VERSION):
        raise CannotDecrypt("not a value of ours")
    for secret in _present_keys():
        known, key = _derive(secret, purpose)
        if known != mark:
            continue
        try:
            return AESGCM(key).decrypt(head[-NONCE_LENGTH:], body, head + purpose.encode())
        except InvalidTag:
            continue
    raise CannotDecrypt("damaged, for another purpose, or its key is gone")


def weak_keys(keys: list[str]) -> int:
    """Return how many of the keys are too short to be random ones."""
    return sum(len(key) < SHORTEST_KEY for key in keys)


def _present_keys() -> list[str]:
    keys: list[str] = settings.FILES_KEYS
    if not keys:
        raise NoKeys("Set the environment variable FILES_KEYS (see .env.example).")
    return keys


@cache
def _root(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"manager files").derive(secret.encode())


def _derive(secret: str, purpose: str) -> tuple[bytes, bytes]:
    """Return the mark of a key, by which a value finds it, and the key of its purpose."""
    root = _root(secret)
    mark = hashlib.sha256(b"mark" + root).digest()[:MARK_LENGTH]
    return mark, HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(root)
