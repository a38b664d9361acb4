"""Pages of the profile."""

from accounts.profile.views.avatar import avatar, avatar_change, avatar_remove
from accounts.profile.views.history import history
from accounts.profile.views.notifications import notifications
from accounts.profile.views.profile import email_confirm, profile

__all__ = [
    "avatar",
    "avatar_change",
    "avatar_remove",
    "email_confirm",
    "history",
    "notifications",
    "profile",
]
