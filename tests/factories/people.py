"""People with a password, and browsers in which they sign in."""

import re
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.conf import settings
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.services import enable_totp, start_totp
from accounts.recovery.secrets import Purpose, change_key
from accounts.recovery.services import confirm_recovery_email, request_recovery_email
from accounts.users.models import User
from accounts.users.services import register_user
from manager.kit.actor import Actor, ActorKind
from manager.outbox.models import OutboxEvent, OutgoingMail
from manager.outbox.relay import drain_outbox

PASSWORD = "quiet-harbour-violet-tandem"
NEW_PASSWORD = "seven-lantern-orchid-bridge"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

_numbers = count(1)
_CLOCK = re.compile(r"\d{1,2}:\d{2}( [ap]\.m\.)?")
# The tokens of forms, new in each answer.
_TOKENS = re.compile(
    r'(csrfmiddlewaretoken" value="|csrf-token" content="|X-CSRFToken": "|X-CSRFToken&quot;: &quot;)\w+'
)


def present() -> datetime:
    """Return the instant of the test, which is real: sessions and codes follow the clock."""
    return datetime.now(UTC)


def visitor() -> Actor:
    """Return somebody who has not signed in, in Firefox on Linux."""
    return Actor(ActorKind.VISITOR, address="192.0.2.7", agent=FIREFOX)


def register(*, password: str | None = PASSWORD, confirmed: bool = True, **fields: str) -> User:
    """Return a person who registered with `password`."""
    values = {
        "email": f"carla-{next(_numbers)}@example.org",
        "first_name": "Carla",
        "last_name": "Brunner",
        **fields,
    }
    user = register_user(
        **values, password=password, email_confirmed=confirmed, actor=visitor(), at=present()
    )
    assert user is not None
    return user


def browser(**headers: str) -> Client:
    """Return a fresh browser profile."""
    return Client(headers={"user-agent": FIREFOX, **headers})


def give_password(
    client: Client, user: User, password: str = PASSWORD, *, address: str = "127.0.0.1", **fields: str
) -> Any:
    """Post the sign-in form from `address`."""
    values = {"email": user.email, "password": password, **fields}
    return client.post("/sign-in/", values, REMOTE_ADDR=address)


def signed_in(user: User) -> Client:
    """Return a browser in which a person without second factor has signed in."""
    client = browser()
    answer = give_password(client, user)
    assert answer.status_code == 302, answer.content
    return client


def turn_on_totp(user: User) -> list[str]:
    """Turn the second factor on and return the backup codes; the present code stays unused."""
    actor = visitor()
    device = start_totp(user=user, actor=actor, at=present())
    _, codes = enable_totp(user=user, code=code_of(user), keep_session=None, actor=actor, at=present())
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    return codes


def code_of(user: User) -> str:
    """Return what the person's authenticator app shows now."""
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, t0=device.t0, drift=device.drift):06d}"


def wrong_code_of(user: User) -> str:
    """Return a code that the app does not show, not even a half minute earlier or later."""
    device = TOTPDevice.objects.get(user=user)
    near = {totp(device.bin_key, t0=int(time.time()) % 30 - 30 * step) for step in range(-3, 4)}
    near |= {totp(device.bin_key, t0=30 * step) for step in range(-3, 4)}
    return next(f"{number:06d}" for number in range(1_000_000) if number not in near)


def events_called(name: str) -> list[OutboxEvent]:
    """Return the events of that name, oldest first."""
    return list(OutboxEvent.objects.filter(name=name).order_by("created_at"))


def mails(*, template: str | None = None) -> list[OutgoingMail]:
    """Let the worker's handlers run; return the mails that they wrote."""
    drain_outbox(at=present())
    chosen = OutgoingMail.objects.order_by("pk")
    return list(chosen.filter(template=template) if template else chosen)


def link_in(mail: OutgoingMail, part: str) -> str:
    """Return the path of the link in the mail that has `part` in it."""
    found = re.search(rf"{re.escape(settings.PUBLIC_BASE_URL)}(?=\S*{re.escape(part)})(/\S*)", mail.text)
    assert found, mail.text
    return found.group(1)


def with_recovery(user: User, address: str = "") -> User:
    """Give the person a confirmed recovery address, by the verbs."""
    address = address or f"other-{user.pk}@example.net"
    change = request_recovery_email(user=user, address=address, actor=visitor(), at=present())
    key = change_key(change, Purpose.CONFIRM)
    return confirm_recovery_email(key=key, user=user, keep_session=None, actor=visitor(), at=present())


def told(answer: Any, *typed: str) -> tuple[int, list[tuple[str, str]], list[str], str]:
    """Return all that an answer tells: status, headers, cookies, body; without tokens and what was typed."""
    body = _CLOCK.sub("", _TOKENS.sub(r"\1", answer.content.decode()))
    headers = [(name, value) for name, value in sorted(answer.headers.items())]
    for text in typed:
        body = body.replace(text, "")
        headers = [(name, value.replace(text, "")) for name, value in headers]
    cookies = []
    for name, morsel in sorted(answer.cookies.items()):
        cookies.append(
            f"{name}={len(morsel.value)} {morsel['path']} {morsel['samesite']} {morsel['max-age']}"
        )
    return answer.status_code, headers, cookies, body
