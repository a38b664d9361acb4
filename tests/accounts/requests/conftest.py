"""A program of somebody who manages an organization."""

import json
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from organizations.profile.models import Organization
from tests.factories.cast import make_person, make_tenant
from tests.isolation.world import make_token

SCOPES = ("organizations:read", "organizations:write", "profile:write", "billing:read", "billing:write")


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner) -> Organization:
    return make_tenant(owner)


@pytest.fixture
def send(owner, organization) -> Callable[..., HttpResponse]:
    """Return what sends a request of the organization; `token`: another secret; `key`: its name."""
    secret = make_token(owner, scopes=SCOPES, bound=organization.pk)[1]

    def sent(method: str, path: str, body: object = None, *, key: str | None = None, token: str = secret):
        headers = {"Authorization": f"Bearer {token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return Client().generic(
            method,
            f"/api/1/organizations/{organization.pk}/{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )

    return sent
