"""How Stripe signs a webhook."""

import hashlib
import hmac
import time


def sign(payload: bytes, *, secret: str, at: int) -> str:
    """Return the `Stripe-Signature` header: `t=…,v1=…`."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def headers_of(payload: bytes, secret: str) -> dict[str, str]:
    """Return the headers of an event that is sent now."""
    return {"Stripe-Signature": sign(payload, secret=secret, at=int(time.time()))}
