"""Messages over TLS: the certificate is verified, for the name that was asked for (API-6)."""

import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import certifi
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from organizations.profile.models import Organization
from organizations.webhooks.models import WebhookMessage
from organizations.webhooks.periodic import drain_webhooks
from tests.factories.billing import AT
from tests.factories.cast import client_of
from tests.factories.certificates import DAY, Authority
from tests.factories.members import first_representative
from tests.factories.webhooks import make_endpoint, make_message, running_program

HOST, PUBLIC = "hooks.example.com", "8.8.8.8"


class Carried(socket.socket):
    """A connection to the public address, which a network carries to this machine."""

    def getpeername(self) -> Any:
        """Return where it was made for."""
        return PUBLIC, 443


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the name lead to a public address, and that one to this machine."""
    find, connect = socket.getaddrinfo, socket.create_connection

    def getaddrinfo(host: Any, *given: Any, **more: Any) -> Any:
        return find(PUBLIC if host == HOST else host, *given, **more)

    def create_connection(address: tuple[str, int], *given: Any, **more: Any) -> socket.socket:
        if address[0] != PUBLIC:
            return connect(address, *given, **more)
        made = connect(("127.0.0.1", address[1]), *given, **more)
        left = made.gettimeout()
        carried = Carried(fileno=made.detach())
        carried.settimeout(left)
        return carried

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Return the only authority that this machine trusts."""
    trusted = Authority(tmp_path)
    monkeypatch.setattr(certifi, "where", lambda: str(trusted.path))
    return trusted


def deliver(
    organization: Organization, settings: Settings, tls: ssl.SSLContext
) -> tuple[WebhookMessage, int]:
    """Send a message to a program behind `tls`; return it, and how many came."""
    with running_program(tls) as program:
        settings.WEBHOOK_PORTS = {program.server.server_port}
        url = f"https://{HOST}:{program.server.server_port}/hook"
        endpoint, _secret = make_endpoint(organization, url=url)
        message = make_message(endpoint)
        assert drain_webhooks(at=AT) == 1
        got = [headers["host"] for headers, _body in program.got]
    assert got in ([], [f"{HOST}:{program.server.server_port}"])
    return WebhookMessage.objects.using("system").get(pk=message.pk), len(got)


def shown(client: Client, message: WebhookMessage) -> str:
    """Return the page of the message."""
    place = [message.organization_id, message.endpoint_id, message.pk]
    return client.get(reverse("organizations:webhook_message", args=place)).content.decode()


def test_a_verified_certificate_delivers_and_no_other(
    organization: Organization, settings: Settings, internet: None, authority: Authority, tmp_path: Path
) -> None:
    """API-6: by the name of the endpoint's address, whose connection goes to the address that was checked."""
    client = client_of(first_representative(organization).user)
    message, got = deliver(organization, settings, authority.serving(HOST))
    assert (message.status, message.answered, got) == ("delivered", 200, 1)
    assert message.log[0]["answer"] == "thank you"
    assert "The certificate is not valid" not in shown(client, message)

    refused = {
        "another name": authority.serving("other.example.com"),
        "the address": authority.serving(PUBLIC),
        "expired": authority.serving(HOST, ends_at=datetime.now(UTC) - DAY),
        "signed by nobody known": Authority(tmp_path, "Somebody else").serving(HOST),
    }
    for name, tls in refused.items():
        message, got = deliver(organization, settings, tls)
        assert (message.status, message.answered, got) == ("waiting", None, 0), name
        assert [entry["error"] for entry in message.log] == ["certificate"], name
        assert "The certificate is not valid" in shown(client, message), name
