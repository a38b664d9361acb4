"""What is around the panel: Redis, mail, the beat, payments, secrets and addresses."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection

from billing.profiles.selectors import NoSeller, default_entity
from manager.shell.doctor.findings import Finding, right, wrong
from manager.shell.heartbeat import last_beat

BEAT_MAY_BE_OLD = timedelta(minutes=5)
SECRET_LENGTH = 50
SECRET_VARIETY = 15
# Back-ends that send nothing to anybody.
DEAD_ENDS = ("console", "dummy", "filebased", "locmem", "inbox")


def check_cache(*, at: datetime) -> Iterator[Finding]:
    """Check that Redis keeps what it is given."""
    cache.set("doctor", at.isoformat(), timeout=60)
    if cache.get("doctor") == at.isoformat():
        yield right("redis", "answers")
    else:
        yield wrong("redis", "does not keep what it is given")


def check_beat(*, at: datetime) -> Iterator[Finding]:
    """Check that the beat ran within the last five minutes."""
    last = last_beat()
    if last is None:
        yield wrong("beat", "has never run: no renewals, no mails; start the worker and the beat")
    elif at - last > BEAT_MAY_BE_OLD:
        yield wrong(
            "beat", f"ran last at {last:%Y-%m-%d %H:%M} UTC, {int((at - last).total_seconds() // 60)} min ago"
        )
    else:
        yield right("beat", f"ran {int((at - last).total_seconds())} s ago")


def check_mail() -> Iterator[Finding]:
    """Check that mail leaves the panel: a server is set, answers, and takes the sign-in."""
    name = settings.EMAIL_BACKEND.lower()
    if any(word in name for word in DEAD_ENDS):
        make = right if settings.DEMONSTRATION else wrong
        yield make("mail", f"goes to nobody ({settings.EMAIL_BACKEND}); set EMAIL_URL=smtp://…")
        return
    with get_connection() as connection:
        connection.open()
    yield right("mail", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} answers")


def check_seller() -> Iterator[Finding]:
    """Check that a company sells: without one nothing can be ordered."""
    try:
        yield right("company", f"{default_entity()} sells")
    except NoSeller:
        yield wrong("company", "none sells yet, nothing can be ordered: manage.py legal_entity")


def check_payments() -> Iterator[Finding]:
    """Check that the keys of the payment provider are there and are live ones."""
    key, secret = settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET
    if not key or not secret:
        missing = [
            name for name, value in (("STRIPE_API_KEY", key), ("STRIPE_WEBHOOK_SECRET", secret)) if not value
        ]
        yield wrong("payments", f"{' and '.join(missing)} not set: nobody can pay by card")
    elif settings.STRIPE_API_BASE:
        make = right if settings.DEMONSTRATION else wrong
        yield make("payments", "go to the payments sandbox (STRIPE_API_BASE): no money moves")
    elif "_live_" not in key:
        yield wrong("payments", "STRIPE_API_KEY is a test key: no money moves")
    else:
        yield right("payments", "live keys are set")


def check_secret_key() -> Iterator[Finding]:
    """Check that the secret key is long, varied, and not the demonstration's."""
    secret = settings.SECRET_KEY
    is_known = secret.startswith(("only-for-", "django-insecure-"))
    if is_known and not settings.DEMONSTRATION:
        yield wrong("secret key", "is one that everybody can read in the sources")
    elif len(secret) < SECRET_LENGTH or len(set(secret)) < SECRET_VARIETY:
        yield wrong(
            "secret key", f"is weak: at least {SECRET_LENGTH} characters, {SECRET_VARIETY} different ones"
        )
    else:
        yield right("secret key", "is the demonstration's" if is_known else "is long and varied")


def check_addresses() -> Iterator[Finding]:
    """Check that links in mails lead to an encrypted address under which the panel answers."""
    url = settings.PUBLIC_BASE_URL
    if not url.startswith("https://") and not settings.DEMONSTRATION:
        yield wrong("public address", f"{url} is not encrypted")
    else:
        yield right("public address", url)
