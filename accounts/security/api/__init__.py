"""A person's security over REST; a token never weakens a sign-in."""

from accounts.security.api.addresses import (
    Login,
    LoginCancellation,
    LoginSending,
    RecoveryEmail,
    RecoveryEmailCancellation,
    RecoveryEmailRemoval,
    RecoveryEmailSending,
)
from accounts.security.api.factors import FactorList
from accounts.security.api.password import Password, Phone
from accounts.security.api.sessions import OtherSessions, SessionDetail, SessionList

__all__ = [
    "FactorList",
    "Login",
    "LoginCancellation",
    "LoginSending",
    "OtherSessions",
    "Password",
    "Phone",
    "RecoveryEmail",
    "RecoveryEmailCancellation",
    "RecoveryEmailRemoval",
    "RecoveryEmailSending",
    "SessionDetail",
    "SessionList",
]
