"""Verbs of OAuth 2 applications and consents."""

from accounts.applications.services.applications import (
    InvalidApplication,
    TooManyApplications,
    change_application,
    delete_application,
    register_application,
    rotate_secret,
)
from accounts.applications.services.consents import authorize_application, revoke_consent
from accounts.applications.services.programs import end_programs
from accounts.applications.services.sweep import delete_expired

__all__ = [
    "InvalidApplication",
    "TooManyApplications",
    "authorize_application",
    "change_application",
    "delete_application",
    "delete_expired",
    "end_programs",
    "register_application",
    "revoke_consent",
    "rotate_secret",
]
