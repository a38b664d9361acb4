"""Ask the interface for orders as a script would."""

from datetime import timedelta

from django.test import Client

from accounts.tokens.services import create_token
from manager.kit.scope import person_scope
from tests.factories.payments import now
from tests.factories.people import visitor

SCOPES = ["products:read", "products:write", "billing:read", "billing:write"]


def client_for(user, *scopes):
    with person_scope(user.pk):
        _, secret = create_token(
            user=user,
            name="Job",
            scopes=list(scopes or SCOPES),
            organization_id=None,
            expires_at=now() + timedelta(days=30),
            actor=visitor(),
            at=now(),
        )
    return Client(headers={"authorization": f"Bearer {secret}"})


def path(organization, rest="orders"):
    return f"/api/1/organizations/{organization.pk}/{rest}"


def post(client, url, body, **headers):
    return client.post(url, body, content_type="application/json", headers=headers)
