"""A security key in Python: makes passkeys and signs challenges as a browser's device does."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def to_text(value: bytes) -> str:
    """Return base64 for addresses, without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def to_bytes(value: str) -> bytes:
    """Return the bytes of base64 for addresses."""
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


@dataclass
class SecurityKey:
    """One passkey. `verifies`: the device checks its owner; `origin`: the page that the browser shows;
    `counts`: it counts its uses, which passkeys kept on several devices do not."""

    verifies: bool = True
    origin: str = ""
    handle: bytes | None = None
    counter: int = 0
    counts: bool = True
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer a page's wish for a new passkey."""
        self.handle = to_bytes(options["user"]["id"])
        numbers = self.private.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        length = len(self.credential_id).to_bytes(2, "big")
        attested = b"\0" * 16 + length + self.credential_id + cbor2.dumps(key)
        data = self._data(options["rp"]["id"], HAS_KEY) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": to_text(client), "attestationObject": to_text(attestation)})

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer a page's challenge."""
        self.counter += self.counts
        data = self._data(options["rpId"], 0)
        client = self._client("webauthn.get", options["challenge"])
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": to_text(client),
            "authenticatorData": to_text(data),
            "signature": to_text(signed),
        }
        if self.handle is not None:
            response["userHandle"] = to_text(self.handle)
        return self._answer(response)

    def _data(self, rp_id: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        origin = self.origin or settings.OTP_WEBAUTHN_ALLOWED_ORIGINS[0]
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        identity = to_text(self.credential_id)
        return {
            "id": identity,
            "rawId": identity,
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": response,
        }


def add_key(client: Any, *, key: SecurityKey | None = None, name: str = "") -> tuple[SecurityKey, Any]:
    """Add a passkey on the page of a signed-in person; return it and the page's answer."""
    key = key or SecurityKey()
    options = client.post("/profile/security/passkeys/options/").json()
    body = {"answer": json.dumps(key.make(options)), "name": name}
    return key, client.post("/profile/security/passkeys/add/", body)


def sign_in_with(client: Any, key: SecurityKey, **fields: str) -> Any:
    """Sign in with a passkey alone; return the page's answer."""
    options = client.post("/sign-in/passkey/options/").json()
    return client.post("/sign-in/passkey/", {"answer": json.dumps(key.sign(options)), **fields})


def confirm_with(client: Any, key: SecurityKey) -> Any:
    """Give a passkey as the second step; return the page's answer."""
    options = client.post("/sign-in/code/passkey/options/").json()
    return client.post("/sign-in/code/passkey/", {"answer": json.dumps(key.sign(options))})
