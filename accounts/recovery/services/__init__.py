"""Verbs of recovery."""

from accounts.recovery.services.changes import (
    AddressUnchanged,
    NoChangeWaits,
    SameAsOther,
    cancel_change,
    cancel_change_by_key,
    open_change,
    resend_change,
    take_confirmed,
)
from accounts.recovery.services.deleted_login import replace_deleted_login
from accounts.recovery.services.forgotten_login import request_login_reminder
from accounts.recovery.services.recovery_email import (
    confirm_recovery_email,
    remove_deleted_recovery,
    remove_recovery_email,
    request_recovery_email,
)
from accounts.recovery.services.reset import find_reset_user, request_password_reset, reset_password

__all__ = [
    "AddressUnchanged",
    "NoChangeWaits",
    "SameAsOther",
    "cancel_change",
    "cancel_change_by_key",
    "confirm_recovery_email",
    "find_reset_user",
    "open_change",
    "remove_deleted_recovery",
    "remove_recovery_email",
    "replace_deleted_login",
    "request_login_reminder",
    "request_password_reset",
    "request_recovery_email",
    "resend_change",
    "reset_password",
    "take_confirmed",
]
