"""Everything the panel keeps of a person, for the person (ACC-15)."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.applications.models import OAuthConsent
from accounts.closing.departures import list_departures
from accounts.mfa.factors import list_added_factors
from accounts.profile.models import Avatar
from accounts.sessions.models import Device, Session
from accounts.tokens.models import ApiToken
from accounts.users.models import SecurityEvent, User

OWN_FIELDS = (
    *("id", "email", "first_name", "last_name", "phone", "recovery_email", "language", "time_zone", "theme"),
    *("muted_mails", "email_confirmed_at", "created_at"),
)
MOST_EVENTS = 50_000


def export_person(*, user: User, at: datetime) -> bytes:
    """Return a ZIP with the person's data as JSON (instants in UTC) and the picture; no secret is in it."""
    content: dict[str, Any] = {
        "exported_at": at,
        "profile": {name: getattr(user, name) for name in OWN_FIELDS},
        "second_factors": [
            {"kind": factor.kind, "name": factor.name, "added_at": factor.added_at}
            for factor in list_added_factors(user)
        ],
        "sessions": _rows(Session, user, "created_at", "last_seen_at", "expires_at", "address", "agent"),
        "devices": _rows(Device, user, "browser", "system", "address", "first_seen_at", "last_seen_at"),
        "api_tokens": _rows(
            ApiToken,
            user,
            "name",
            "prefix",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        ),
        "applications": _rows(OAuthConsent, user, "application__name", "scopes", "created_at", "revoked_at"),
        "history": _rows(SecurityEvent, user, "created_at", "name", "address", "agent", "details"),
    }
    for departure in list_departures():
        content |= departure.export(user)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("account.json", text)
        if picture := Avatar.objects.filter(user=user).first():
            archive.writestr("picture.webp", bytes(picture.data))
    return out.getvalue()


def _rows(model: Any, user: User, *fields: str) -> list[dict[str, Any]]:
    return list(model.objects.filter(user=user).order_by("-pk").values(*fields)[:MOST_EVENTS])
