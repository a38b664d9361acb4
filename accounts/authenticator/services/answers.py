"""The phone's answer to a request: YES with the number that the browser shows, or NO (ACC-10).

The caller has checked the phone's signature. The row's lock makes one answer of many (INC-13).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.authenticator.models import ApprovalRequest, LinkedPhone
from accounts.authenticator.refusals import RequestNotOpen
from accounts.authenticator.status import TRANSITIONS, ApprovalStatus
from accounts.users.history import publish_security_event
from manager.kit.actor import Actor
from manager.kit.status import transition

# The browser fetches the approval within seconds.
APPROVAL_LASTS = timedelta(minutes=1)


@transaction.atomic
def approve_request(
    *, phone: LinkedPhone, request_id: Any, number: Any, actor: Actor, at: datetime
) -> ApprovalRequest:
    """Approve a request with the number chosen on the phone; a wrong number refuses it.

    Returns the request; its status tells which of the two.

    :raises RequestNotOpen: answered, replaced, too old, or somebody else's.
    """
    request = _lock_pending(phone, request_id, at)
    if number != request.number or isinstance(number, bool):
        return _refuse(request, phone, reason="number", actor=actor, at=at)
    transition(request, ApprovalStatus.APPROVED, TRANSITIONS)
    request.phone, request.answered_at, request.expires_at = phone, at, at + APPROVAL_LASTS
    request.save(update_fields=["status", "phone", "answered_at", "expires_at"])
    return request


@transaction.atomic
def refuse_request(*, phone: LinkedPhone, request_id: Any, actor: Actor, at: datetime) -> ApprovalRequest:
    """Refuse a request; a security mail follows, as somebody else has the password.

    :raises RequestNotOpen: answered, replaced, too old, or somebody else's.
    """
    return _refuse(_lock_pending(phone, request_id, at), phone, reason="no", actor=actor, at=at)


def _refuse(
    request: ApprovalRequest, phone: LinkedPhone, *, reason: str, actor: Actor, at: datetime
) -> ApprovalRequest:
    transition(request, ApprovalStatus.REFUSED, TRANSITIONS)
    request.phone, request.answered_at = phone, at
    request.save(update_fields=["status", "phone", "answered_at"])
    publish_security_event(
        "user.sign_in_refused",
        user=phone.user,
        actor=actor,
        at=at,
        details={"reason": reason, "phone": phone.name, "from": request.address or ""},
        request=str(request.pk),
        reason=reason,
    )
    return request


def _lock_pending(phone: LinkedPhone, request_id: Any, at: datetime) -> ApprovalRequest:
    try:
        wanted = UUID(request_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise RequestNotOpen from error
    # A phone that was unlinked meanwhile answers nothing.
    if not LinkedPhone.objects.filter(pk=phone.pk, confirmed=True).exists():
        raise RequestNotOpen
    own = ApprovalRequest.objects.select_for_update().filter(pk=wanted, user_id=phone.user_id)
    request = own.first()
    if request is None or request.status != ApprovalStatus.PENDING or request.expires_at <= at:
        raise RequestNotOpen
    return request
