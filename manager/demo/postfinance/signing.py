"""The key that signs webhooks, and the check of the tokens that sign requests."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_ID = "512"
SPACE_ID = "405"
AUTHENTICATION_KEY = base64.b64encode(b"only-for-the-test-server-32bytes").decode()
KEY_ID = "3f6e7a52-0000-4000-8000-000000000001"
TOLERANCE_SECONDS = 600


class Signer:
    """Signs webhooks with a key that the data directory keeps."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "webhook.pem"
        if not path.exists():
            made = ec.generate_private_key(ec.SECP256R1())
            path.write_bytes(
                made.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
            path.chmod(0o600)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("The key of webhooks is one of elliptic curves.")
        self._key = key

    @property
    def public_key(self) -> str:
        """The public half: base64 of DER."""
        return base64.b64encode(
            self._key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        ).decode()

    def header(self, payload: bytes) -> str:
        """Return the `X-Signature` of a payload."""
        signature = base64.b64encode(self._key.sign(payload, ec.ECDSA(SHA256()))).decode()
        return f"algorithm=SHA256withECDSA, keyId={KEY_ID}, signature={signature}"


def is_allowed(authorization: str, *, method: str, path: str) -> bool:
    """Return whether a request carries a token of the application user for just this path and method."""
    scheme, _, token = authorization.partition(" ")
    parts = token.split(".")
    if scheme != "Bearer" or len(parts) != 3:
        return False
    try:
        head, claims = (json.loads(_decode(part)) for part in parts[:2])
        given = _decode(parts[2])
    except ValueError:
        return False
    wanted = hmac.new(
        base64.b64decode(AUTHENTICATION_KEY), f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256
    ).digest()
    return (
        hmac.compare_digest(given, wanted)
        and head == {"alg": "HS256", "typ": "JWT", "ver": 1}
        and str(claims["sub"]) == USER_ID
        and abs(time.time() - claims["iat"]) < TOLERANCE_SECONDS
        and claims["requestPath"] == path
        and claims["requestMethod"] == method
    )


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
