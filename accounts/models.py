"""The models of the rooms of `accounts`."""

from accounts.applications.models import (
    OAuthAccessToken,
    OAuthApplication,
    OAuthCode,
    OAuthConsent,
    OAuthRefreshToken,
)
from accounts.authenticator.models import ApprovalRequest, LinkedPhone, PhoneOffer
from accounts.identity.models import IdentityCase, IdentityEntry, IdentityImage
from accounts.mfa.models import BackupCode
from accounts.passkeys.models import PasskeyChallenge
from accounts.profile.models import Avatar
from accounts.recovery.models import AddressChange
from accounts.requests.models import SentRequest
from accounts.sessions.models import Device, Session
from accounts.sms.models import SmsFactor
from accounts.staff.models import RightChange
from accounts.tokens.models import ApiToken, TokenDay, TokenMinute
from accounts.users.models import SecurityEvent, User

__all__ = [
    "AddressChange",
    "ApiToken",
    "ApprovalRequest",
    "Avatar",
    "BackupCode",
    "Device",
    "IdentityCase",
    "IdentityEntry",
    "IdentityImage",
    "LinkedPhone",
    "OAuthAccessToken",
    "OAuthApplication",
    "OAuthCode",
    "OAuthConsent",
    "OAuthRefreshToken",
    "PasskeyChallenge",
    "PhoneOffer",
    "RightChange",
    "SecurityEvent",
    "SentRequest",
    "Session",
    "SmsFactor",
    "TokenDay",
    "TokenMinute",
    "User",
]
