"""Verbs of a signed-in person's security."""

from accounts.security.services.login import (
    LoginTaken,
    confirm_login_change,
    request_login_change,
    undo_login_change,
)
from accounts.security.services.password import change_password, prove_password

__all__ = [
    "LoginTaken",
    "change_password",
    "confirm_login_change",
    "prove_password",
    "request_login_change",
    "undo_login_change",
]
