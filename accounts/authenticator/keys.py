"""The public keys of phones: ECDSA on P-256, as browsers make and write them (JWK, raw signatures)."""

import base64
import binascii
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError

COORDINATE_LENGTH = 32
SIGNATURE_LENGTH = 64


class InvalidKey(DomainError):
    """What the phone sent is no public key on P-256."""

    code = "invalid_key"
    status = 422
    message = _("This phone's key could not be read.")


def read_public_key(given: Any) -> dict[str, str]:
    """Return the public key as it is stored: its four members and nothing else.

    :raises InvalidKey: wrong kind, or not a point of the curve.
    """
    if not isinstance(given, dict) or given.get("kty") != "EC" or given.get("crv") != "P-256":
        raise InvalidKey
    key = {"kty": "EC", "crv": "P-256", "x": given.get("x"), "y": given.get("y")}
    try:
        _load(key)
    except (ValueError, TypeError) as error:
        raise InvalidKey from error
    return {name: str(value) for name, value in key.items()}


def is_signed(message: bytes, signature: str, key: dict[str, str]) -> bool:
    """Return whether the owner of `key` signed `message`; a signature that cannot be read is none."""
    try:
        raw = decode_base64url(signature)
        if len(raw) != SIGNATURE_LENGTH:
            return False
        half = SIGNATURE_LENGTH // 2
        first, second = (int.from_bytes(part, "big") for part in (raw[:half], raw[half:]))
        _load(key).verify(encode_dss_signature(first, second), message, ECDSA(SHA256()))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def decode_base64url(text: Any) -> bytes:
    """Return the bytes of unpadded base64url.

    :raises ValueError: it is not that.
    """
    if not isinstance(text, str) or not text.isascii():
        raise ValueError("not base64url")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def encode_base64url(data: bytes) -> str:
    """Return `data` as unpadded base64url."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _load(key: dict[str, Any]) -> Any:
    coordinates = [decode_base64url(key[name]) for name in ("x", "y")]
    if any(len(coordinate) != COORDINATE_LENGTH for coordinate in coordinates):
        raise ValueError("not a coordinate of P-256")
    x, y = (int.from_bytes(coordinate, "big") for coordinate in coordinates)
    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
