"""The secrets of endpoints: encrypted at rest, shown once, two of them for a day after a change."""

from datetime import datetime

from manager.kit.encryption import decrypt, encrypt
from organizations.webhooks.models import WebhookEndpoint


def _purpose(endpoint: WebhookEndpoint) -> str:
    return f"webhook:{endpoint.pk}"


def seal(endpoint: WebhookEndpoint, secret: str) -> bytes:
    """Return a secret as it is stored with the endpoint, which has its id."""
    return encrypt(secret.encode(), purpose=_purpose(endpoint))


def secrets_of(endpoint: WebhookEndpoint, *, at: datetime) -> list[str]:
    """Return what signs messages to the endpoint at `at`, the present secret first."""
    stored = [endpoint.secret]
    if endpoint.former_until is not None and at < endpoint.former_until:
        stored.append(endpoint.former_secret)
    return [decrypt(value, purpose=_purpose(endpoint)).decode() for value in stored]
