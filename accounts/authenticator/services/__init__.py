"""Verbs of the operator's authenticator: offer, link, confirm, unlink; ask, approve, refuse, use (ACC-10)."""

from accounts.authenticator.services.answers import approve_request, refuse_request
from accounts.authenticator.services.ask import ask_approval
from accounts.authenticator.services.expire import expire_requests
from accounts.authenticator.services.link import confirm_phone, link_phone, offer_phone_link
from accounts.authenticator.services.push import subscribe_phone
from accounts.authenticator.services.unlink import unlink_phone
from accounts.authenticator.services.use import use_approval, use_phone_code

__all__ = [
    "approve_request",
    "ask_approval",
    "confirm_phone",
    "expire_requests",
    "link_phone",
    "offer_phone_link",
    "refuse_request",
    "subscribe_phone",
    "unlink_phone",
    "use_approval",
    "use_phone_code",
]
