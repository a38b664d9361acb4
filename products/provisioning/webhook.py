"""A driver for machines behind HTTP: signed requests, answers at once or by a signed call-back.

What it sends and what it takes stands in docs/provisioning.md.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from django.conf import settings
from django.urls import reverse

from manager.kit.clock import now
from products.provisioning.protocol import (
    Accepted,
    Callback,
    CallbackRefused,
    Health,
    Job,
    Outcome,
    ProvisioningFailed,
)
from products.provisioning.signing import SignatureRefused, sign, verify

# Seconds to connect and to wait for the answer; a lease is far longer.
TIMEOUT = (5, 30)
HEALTH_TIMEOUT = (3, 5)
MAX_ANSWER = 256 * 1024
MAX_TEXT = 500
SHORTEST_WAIT, LONGEST_WAIT = 60, 20 * 3600


class WebhookDriver:
    """Sends each operation as one signed request to `url`; `actions` are the slugs that it can perform.

    Redirects are not followed: the address is the operator's word.
    """

    def __init__(
        self, *, name: str, url: str, secrets: tuple[str, ...], actions: tuple[str, ...] = ()
    ) -> None:
        if not secrets:
            raise LookupError(f"The provisioning driver {name} has no secret to sign with.")
        self._name = name
        self._url = url.rstrip("/")
        self._secrets = secrets
        self._actions = frozenset(actions)

    def provision(self, job: Job) -> Outcome:
        """Ask for the service to be set up."""
        return self._ask("provision", job)

    def suspend(self, job: Job) -> Outcome:
        """Ask for the service to be stopped."""
        return self._ask("suspend", job)

    def resume(self, job: Job) -> Outcome:
        """Ask for the service to run again."""
        return self._ask("resume", job)

    def change(self, job: Job) -> Outcome:
        """Tell of another plan, quantity or options."""
        return self._ask("change", job)

    def terminate(self, job: Job) -> Outcome:
        """Ask for the service to be removed."""
        return self._ask("terminate", job)

    def actions(self, kind: str) -> frozenset[str]:
        """Return the actions that the settings say."""
        return self._actions

    def act(self, job: Job, action: str, parameters: Mapping[str, Any]) -> Outcome:
        """Ask for an action."""
        return self._ask("act", job, action=action, parameters=dict(parameters))

    def health(self) -> Health:
        """Ask the machines how they are: any answer of 200 is well, its `details` are shown to staff."""
        try:
            status, answer = self._send("GET", "/health", b"", {}, HEALTH_TIMEOUT)
        except ProvisioningFailed as error:
            return Health(is_well=False, details=str(error))
        details = _text(answer.get("details"))
        if status != requests.codes.ok:
            return Health(is_well=False, details=details or f"The answer was {status}.")
        return Health(is_well=answer.get("well") is not False, details=details)

    def read_callback(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Callback:
        """Return what a call-back says.

        :raises CallbackRefused: its signature does not fit, is older than five minutes, or it says nothing.
        """
        try:
            verify(secrets=self._secrets, path=self._callback_path, body=body, headers=headers, at=at)
            said = _read_object(body)
        except (SignatureRefused, ValueError, RecursionError) as error:
            raise CallbackRefused(str(error)) from error
        key, status, data = said.get("key"), said.get("status"), said.get("data", {})
        if not isinstance(key, str) or status not in {"done", "failed"} or not isinstance(data, dict):
            raise CallbackRefused("A call-back needs a key and a status, done or failed.")
        if status == "done":
            return Callback(key, data=data)
        return Callback(key, error=_text(said.get("error")), is_final=said.get("final") is True)

    @property
    def _callback_path(self) -> str:
        return reverse("products:provisioning_callback", kwargs={"driver": self._name})

    def _ask(self, operation: str, job: Job, **more: Any) -> Outcome:
        message = {
            "operation": operation,
            "key": job.key,
            "callback": settings.PUBLIC_BASE_URL + self._callback_path,
            "product": {
                "id": job.product_id,
                "organization": job.organization_id,
                "kind": job.kind,
                "plan": job.plan,
                "name": job.name,
                "quantity": job.quantity,
                "options": dict(job.options),
                "setup": dict(job.setup),
            },
            "data": dict(job.data),
            **more,
        }
        body = json.dumps(message, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": job.key}
        status, answer = self._send("POST", "/operations", body, headers, TIMEOUT)
        return _outcome(status, answer)

    def _send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], timeout: tuple[int, int]
    ) -> tuple[int, dict[str, Any]]:
        url = self._url + path
        signature = sign(secret=self._secrets[0], path=urlsplit(url).path, body=body, at=now())
        try:
            with requests.request(
                method,
                url,
                data=body,
                headers={**headers, **signature},
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = response.raw.read(MAX_ANSWER + 1, decode_content=True)
                status = response.status_code
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise ProvisioningFailed(f"The machines gave no answer ({type(error).__name__}).") from error
        return status, _read_answer(status, content)


def _read_answer(status: int, content: bytes) -> dict[str, Any]:
    if len(content) > MAX_ANSWER:
        raise ProvisioningFailed("The answer of the machines is too long.")
    try:
        return _read_object(content)
    except (ValueError, RecursionError) as error:
        if status >= 300:  # an error page says it by its status
            return {}
        raise ProvisioningFailed("The answer of the machines cannot be read.") from error


def _read_object(content: bytes) -> dict[str, Any]:
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("This is no JSON object.")  # noqa: TRY004  (what json raises, too)
    return found


def _outcome(status: int, answer: dict[str, Any]) -> Outcome:
    if status == requests.codes.ok:
        data = answer.get("data", {})
        if not isinstance(data, dict):
            raise ProvisioningFailed("The answer of the machines has no data.")
        return data
    if status == requests.codes.accepted:
        wait = answer.get("wait")
        seconds = wait if type(wait) is int else 3600
        return Accepted(timedelta(seconds=min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)))
    text = _text(answer.get("error")) or f"The machines answered {status}."
    raise ProvisioningFailed(text, is_final=status == requests.codes.unprocessable_entity)


def _text(value: object) -> str:
    """Return text of the machines without control characters."""
    text = value if isinstance(value, str) else ""
    return "".join(character for character in text if character.isprintable())[:MAX_TEXT]
