"""The mails about requests for access."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation

from accounts.users.mails import OptionalMail, wants_mail
from accounts.users.models import User
from organizations.members.emails import mail_contact
from organizations.members.selectors import contact_of
from organizations.requests.models import AccessRequest
from organizations.requests.selectors import level_label, list_givers, name_requests
from organizations.requests.status import RequestStatus


def mail_request_made(*, request: AccessRequest, dedupe_key: str, at: datetime) -> None:
    """Mail a request to everybody who can give what it asks for."""
    path = reverse("organizations:answer_request", args=[request.organization_id, request.pk])
    for giver in list_givers(organization_id=request.organization_id, permission=request.permission):
        if not wants_mail(giver.user, OptionalMail.ACCESS_REQUESTS):
            continue
        _queue(request, giver.user, "access_request_made", path=path, dedupe_key=dedupe_key, at=at)


def mail_request_answered(*, request: AccessRequest, dedupe_key: str, at: datetime) -> None:
    """Mail the answer to who asked."""
    if not wants_mail(request.user, OptionalMail.ACCESS_ANSWERS):
        return
    path = reverse("organizations:my_access", args=[request.organization_id])
    _queue(request, request.user, "access_request_answered", path=path, dedupe_key=dedupe_key, at=at)


def _queue(
    request: AccessRequest, to: User, template: str, *, path: str, dedupe_key: str, at: datetime
) -> None:
    named = name_requests(organization_id=request.organization_id, requests=[request])[0]
    with translation.override(to.language):
        what, level = str(named.what), str(level_label(request))
    mail_contact(
        template=template,
        organization=request.organization,
        contact=contact_of(to),
        facts={
            "asked_by": request.user.name,
            "what": what,
            "level": level,
            "message": request.message,
            "is_approved": request.status == RequestStatus.APPROVED,
            "answered_by": request.decided_by.name if request.decided_by else "",
            "answer": request.answer,
            "path": path,
        },
        dedupe_key=dedupe_key,
        at=at,
    )
