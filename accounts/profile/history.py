"""A person's history: sign-ins, and whatever happened to the way in (ACC-14)."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.users.models import SecurityEvent, User
from manager.kit.errors import Text
from manager.kit.keyset import Page, SortKey, paginate

NEWEST = SortKey(F("id"), lambda row: str(row.pk), int)
SIGN_INS = (
    *("user.signed_in", "user.sign_in_failed", "user.second_factor_failed", "user.sign_in_refused"),
    "user.signed_in_from_new_device",
)
FAILED = frozenset({"user.sign_in_failed", "user.second_factor_failed", "user.sign_in_refused"})

LABELS: dict[str, Text] = {
    "identity.approved": _("Identity check approved"),
    "identity.case_opened": _("Identity check opened"),
    "identity.expired": _("Identity check expired"),
    "identity.factors_removed": _("Second factors removed after an identity check"),
    "identity.owner_found": _("Identity check opened for your account"),
    "identity.refused": _("Identity check refused"),
    "identity.submitted": _("Identity check sent in"),
    "identity.withdrawn": _("Identity check withdrawn"),
    "user.account_closed": _("Account closed"),
    "user.api_token_created": _("API token made"),
    "user.api_token_disabled": _("API token switched off, unused for a year"),
    "user.api_token_revoked": _("API token revoked"),
    "user.api_token_rotated": _("API token with a new secret"),
    "user.api_token_widened": _("API token with more rights"),
    "user.application_authorized": _("Application allowed"),
    "user.application_changed": _("Own application changed"),
    "user.application_deleted": _("Own application deleted"),
    "user.application_registered": _("Own application registered"),
    "user.application_revoked": _("Application no longer allowed"),
    "user.application_secret_rotated": _("Own application with a new secret"),
    "user.backup_code_used": _("Backup code used"),
    "user.backup_codes_regenerated": _("New backup codes"),
    "user.device_forgotten": _("Device no longer remembered"),
    "user.device_remembered": _("Device remembered for 30 days"),
    "user.factor_added": _("Second factor added"),
    "user.factor_removed": _("Second factor removed"),
    "user.login_change_cancelled": _("Change of the login cancelled"),
    "user.login_change_requested": _("Change of the login asked for"),
    "user.login_change_resent": _("Link for the new login sent again"),
    "user.login_change_undone": _("Change of the login undone"),
    "user.login_changed": _("Login changed"),
    "user.login_replaced": _("Login replaced, as its mailbox was deleted"),
    "user.password_changed": _("Password changed"),
    "user.password_reset": _("Password set anew by a mailed link"),
    "user.phone_changed": _("Mobile number changed"),
    "user.recovery_email_change_cancelled": _("Change of the recovery address cancelled"),
    "user.recovery_email_change_requested": _("Change of the recovery address asked for"),
    "user.recovery_email_change_resent": _("Link for the recovery address sent again"),
    "user.recovery_email_changed": _("Recovery address changed"),
    "user.recovery_email_deleted": _("Recovery address removed, as its mailbox was deleted"),
    "user.second_factor_failed": _("Wrong second factor"),
    "user.second_step_locked": _("Too many wrong codes"),
    "user.sessions_revoked": _("Sessions ended"),
    "user.sign_in_failed": _("Wrong password"),
    "user.sign_in_refused": _("Sign-in refused on the phone"),
    "user.signed_in": _("Signed in"),
    "user.signed_in_from_new_device": _("A device not seen before"),
}


def label_of(name: str) -> Text:
    """Return what an event is called; its own name in words where nothing better is known."""
    return LABELS.get(name) or name.partition(".")[2].replace("_", " ").capitalize()


def list_history(*, user: User, only: str = "") -> QuerySet[SecurityEvent]:
    """Return the person's events; `only` may be `sign-ins` or `failed`."""
    events = SecurityEvent.objects.filter(user=user)
    if only == "sign-ins":
        return events.filter(name__in=SIGN_INS)
    if only == "failed":
        return events.filter(name__in=FAILED)
    return events


def page_of(events: QuerySet[SecurityEvent], *, after: str, before: str) -> Page[SecurityEvent]:
    """Return one page of `events`, newest first."""
    return paginate(events, key=NEWEST, descending=True, after=after, before=before)
