"""Wake a phone by the push service of its browser. Best effort: the open app asks by itself.

What is sent is encrypted for the browser and says only that there is a request; who answers signs.
"""

import json
import logging
from functools import cache

import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from accounts.authenticator.keys import encode_base64url
from accounts.authenticator.models import ApprovalRequest, LinkedPhone
from accounts.authenticator.services.ask import LIFE
from accounts.authenticator.services.push import is_push_service

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
GONE = frozenset({404, 410})


def public_push_key() -> str:
    """Return the public key that browsers subscribe with; empty where the operator has set no key."""
    return _public_key(settings.PUSH_PRIVATE_KEY) if settings.PUSH_PRIVATE_KEY else ""


def send_push(*, phone: LinkedPhone, request: ApprovalRequest) -> bool:
    """Wake one phone; return whether its push service took the message. Never raises.

    A subscription that its service no longer knows is forgotten.
    """
    subscription = phone.push_subscription
    if not settings.PUSH_PRIVATE_KEY or not subscription or not is_push_service(subscription["endpoint"]):
        return False
    try:
        webpush(
            subscription_info=subscription,
            data=_message(phone, request),
            vapid_private_key=settings.PUSH_PRIVATE_KEY,
            vapid_claims={"sub": f"mailto:{settings.SUPPORT_EMAIL}"},
            ttl=int(LIFE.total_seconds()),
            timeout=TIMEOUT_SECONDS,
            headers={"Urgency": "high", "Topic": "approval"},
            requests_session=_session(),
        )
    except WebPushException as error:
        if getattr(error.response, "status_code", None) in GONE:
            LinkedPhone.objects.filter(pk=phone.pk).update(push_subscription=None)
        logger.info("The push service did not take a message: %s", error)
        return False
    except Exception:  # whatever a push service does must not stop the others
        logger.exception("A push message could not be sent.")
        return False
    return True


def _message(phone: LinkedPhone, request: ApprovalRequest) -> str:
    with translation.override(phone.user.language):
        title = _("Is it you?") if request.is_sign_in else _("Confirm that it is you")
        body = _("%(brand)s: open the authenticator to answer for %(login)s.") % {
            "brand": settings.BRAND_NAME,
            "login": phone.user.email,
        }
    return json.dumps({"title": title, "body": body, "tag": "approval"})


def _session() -> requests.Session:
    """Return a session that follows no redirects: only the known services are called."""
    session = requests.Session()
    session.max_redirects = 0
    return session


@cache
def _public_key(private_key: str) -> str:
    key = Vapid02.from_string(private_key).public_key
    return encode_base64url(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
