"""A phone with a key of its own, as the app in the browser is: it links, asks, answers and shows codes."""

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.test import Client

from accounts.authenticator.codes import code_of_step
from accounts.authenticator.keys import decode_base64url, encode_base64url
from accounts.authenticator.models import LinkedPhone
from accounts.authenticator.offers import token_of
from accounts.authenticator.services import confirm_phone, link_phone, offer_phone_link
from accounts.users.models import User
from tests.factories.people import present, visitor

ANDROID = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36"


@dataclass
class Phone:
    """What an app keeps of one account, and how it speaks with the panel."""

    reference: str = ""
    secret: bytes = b""
    private_key: Any = field(default_factory=lambda: generate_private_key(SECP256R1()))
    # No cookies are kept, and CSRF is checked: the app's requests carry neither cookie nor token.
    client: Client = field(
        default_factory=lambda: Client(headers={"user-agent": ANDROID}, enforce_csrf_checks=True)
    )

    @property
    def public_key(self) -> dict[str, str]:
        """Return the public key as browsers write it."""
        numbers = self.private_key.public_key().public_numbers()
        x, y = (encode_base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def sign(self, text: str) -> str:
        """Return a signature as browsers make it: two numbers of 32 bytes."""
        numbers = decode_dss_signature(self.private_key.sign(text.encode(), ECDSA(SHA256())))
        return encode_base64url(b"".join(number.to_bytes(32, "big") for number in numbers))

    def seal(self, operation: str, **content: Any) -> dict[str, str]:
        """Return a signed message."""
        whole = {
            "phone": self.reference,
            "do": operation,
            "at_panel": settings.PUBLIC_BASE_URL,
            "sent": int(time.time()),
            "nonce": secrets.token_urlsafe(18),
            **content,
        }
        text = json.dumps(whole)
        return {"message": text, "signature": self.sign(text)}

    def send(self, operation: str, body: Any) -> Any:
        """Post a body to one of the phone's operations."""
        return self.client.post(f"/authenticator/phone/{operation}/", body, content_type="application/json")

    def tell(self, operation: str, **content: Any) -> Any:
        """Sign and send a message."""
        return self.send(operation, self.seal(operation, **content))

    def link(self, **offer: str) -> Any:
        """Take an offer by `token` or `code`; keep what the panel tells."""
        answer = self.tell("link", name="My phone", public_key=self.public_key, **offer)
        if answer.status_code == 200:
            told = answer.json()
            self.reference, self.secret = told["phone"], decode_base64url(told["secret"])
        return answer

    def waiting(self) -> list[dict[str, Any]]:
        """Return the requests that the panel tells of."""
        requests: list[dict[str, Any]] = self.tell("requests").json()["requests"]
        return requests

    def approve(self, request_id: str, number: Any) -> Any:
        """Say yes with a number."""
        return self.tell("answer", request=request_id, answer="approve", number=number)

    def refuse(self, request_id: str) -> Any:
        """Say no."""
        return self.tell("answer", request=request_id, answer="refuse")

    def code(self, *, steps: int = 0) -> str:
        """Return the code that it shows, or showed `steps` half minutes from now."""
        return code_of_step(self.secret, int(time.time()) // 30 + steps)

    @property
    def row(self) -> LinkedPhone:
        """Return the panel's row of this phone."""
        return LinkedPhone.objects.get(reference=self.reference)


def linked_phone(user: User) -> Phone:
    """Return a phone that is linked to `user` and counts."""
    phone = Phone()
    offer = offer_phone_link(user=user, session_id=None, actor=visitor(), at=present())
    row, phone.secret = link_phone(
        offer=offer, name="My phone", public_key=phone.public_key, actor=visitor(), at=present()
    )
    phone.reference = str(row.reference)
    confirm_phone(user=user, session_id=None, actor=visitor(), at=present())
    return phone


def offer_token(user: User, session_id: int | None = None) -> str:
    """Return the token of a new offer."""
    offer = offer_phone_link(user=user, session_id=session_id, actor=visitor(), at=present())
    return token_of(offer.reference)
