"""Who hears which event: the only place that knows (call down, publish up)."""

from accounts.mfa import tasks as mfa
from accounts.recovery import tasks as recovery
from accounts.security import tasks as security
from accounts.sessions import tasks as sessions
from accounts.tokens import tasks as tokens
from accounts.users import tasks as users
from manager.outbox.registry import Handler
from organizations.members import tasks as members

HANDLERS: dict[str, list[Handler]] = {
    "invitation.sent": [members.email_invitation_sent],
    "membership.removed": [members.email_membership_removed],
    "membership.role_changed": [members.email_membership_role_changed],
    "user.api_token_created": [tokens.email_api_token_created],
    "user.backup_code_used": [mfa.email_backup_code_used],
    "user.backup_codes_regenerated": [mfa.email_backup_codes_regenerated],
    "user.email_confirmation_requested": [users.email_confirmation_link],
    "user.password_changed": [security.email_password_changed],
    "user.password_reset_requested": [recovery.email_password_reset],
    "user.registered": [users.email_confirmation_link],
    "user.registration_repeated": [users.email_registration_repeated],
    "user.sessions_revoked": [sessions.email_sessions_revoked],
    "user.sign_in_locked": [sessions.email_sign_in_locked],
    "user.signed_in_from_new_device": [sessions.email_signed_in_from_new_device],
    "user.totp_disabled": [mfa.email_totp_disabled],
    "user.totp_enabled": [mfa.email_totp_enabled],
}
