"""The models of the rooms of `accounts`."""

from accounts.mfa.models import BackupCode
from accounts.sessions.models import Device, Session
from accounts.tokens.models import ApiToken
from accounts.users.models import User

__all__ = ["ApiToken", "BackupCode", "Device", "Session", "User"]
