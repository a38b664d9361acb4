"""Everything the panel keeps of a person, for the person (ACC-15)."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

from accounts.applications.models import OAuthApplication, OAuthConsent
from accounts.closing.departures import list_departures
from accounts.identity.models import IdentityCase
from accounts.mfa.factors import list_added_factors
from accounts.profile.models import Avatar
from accounts.sessions.models import Device, Session
from accounts.tokens.models import ApiToken
from accounts.users.models import SecurityEvent, User

OWN_FIELDS = (
    *("id", "email", "first_name", "last_name", "phone", "recovery_email", "language", "time_zone", "theme"),
    *("muted_mails", "email_confirmed_at", "created_at"),
)
APPLICATION_FIELDS = (
    *("name", "kind", "client_id", "redirect_uris", "scopes", "bound_organization_id"),
    *("created", "updated", "secret_made_at", "last_used_at"),
)
CASE_FIELDS = (
    *("reason", "status", "contact", "phone", "phone_proved_at", "document", "opened_at", "expires_at"),
    *("submitted_at", "refusal", "closed_at", "effective_at", "done_at"),
)
MOST_EVENTS = 50_000
LEFT_OUT = {
    "secrets": _(
        "Passwords, codes, keys and the secrets of tokens and applications: who found this file could use "
        "them. Most are stored in a way that lets us check them, but not read them."
    ),
    "identity_photographs": _(
        "Photographs of identity checks: they are stored encrypted for 72 hours at most, and deleted when "
        "the check closes."
    ),
    "identity_journal": _("Which of our staff looked at an identity check, and their notes."),
    "passing": _("What lives for minutes: links, challenges and requests that wait for an answer."),
    "mails": _("Mails and text messages: they were sent to you."),
    "organizations": _(
        "Products, invoices and the activity of organizations: they belong to the organization, and can be "
        "downloaded there."
    ),
}


def export_person(*, user: User, at: datetime) -> bytes:
    """Return a ZIP with the person's data as JSON (instants in UTC) and the picture.

    No secret is in it; `left_out` says what else is not, and why.
    """
    content: dict[str, Any] = {
        "exported_at": at,
        "left_out": LEFT_OUT,
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
        "allowed_applications": _rows(
            OAuthConsent, user, "application__name", "scopes", "created_at", "revoked_at"
        ),
        "own_applications": _rows(OAuthApplication, user, *APPLICATION_FIELDS),
        "identity_checks": _rows(IdentityCase, user, *CASE_FIELDS),
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
