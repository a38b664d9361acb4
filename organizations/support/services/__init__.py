"""What can be done with support access."""

from organizations.support.services.end import end_all_support, expire_support, revoke_support_access
from organizations.support.services.enter import enter_support, leave_support
from organizations.support.services.give import give_support_access
from organizations.support.services.journal import journal_use

__all__ = [
    "end_all_support",
    "enter_support",
    "expire_support",
    "give_support_access",
    "journal_use",
    "leave_support",
    "revoke_support_access",
]
