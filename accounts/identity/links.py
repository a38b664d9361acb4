"""The secret of a case's link: derived, so that only the link's owner and the QR code hold it."""

import base64

from django.utils.crypto import salted_hmac

from accounts.identity.models import IdentityCase
from manager.kit.tokens import hash_secret

SALT = "accounts.identity.case"
LONGEST = 60


def token_of(case: IdentityCase) -> str:
    """Return what the case's link carries; another `nonce` makes another one."""
    digest = salted_hmac(SALT, str(case.nonce), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def seal(case: IdentityCase) -> None:
    """Set the hash by which the case is found; the caller saves."""
    case.token_hash = hash_secret(token_of(case))


def hash_code(case: IdentityCase, phone: str, code: str) -> str:
    """Return what is stored of a code of six digits: useless without the secret key."""
    return salted_hmac(SALT + ".code", f"{case.pk}:{phone}:{code}", algorithm="sha256").hexdigest()
