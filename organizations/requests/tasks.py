"""What follows from events of requests and memberships."""

from manager.kit.actor import Actor
from manager.outbox.models import OutboxEvent
from organizations.requests.emails import mail_request_answered, mail_request_made
from organizations.requests.models import AccessRequest
from organizations.requests.services.decide import close_orphans
from organizations.requests.status import RequestStatus


def email_access_request_made(event: OutboxEvent) -> None:
    """Mail a request to who can give it, unless it was answered or withdrawn meanwhile."""
    request = _find(event)
    if request is not None and request.status == RequestStatus.OPEN:
        mail_request_made(request=request, dedupe_key=str(event.pk), at=event.created_at)


def email_access_request_answered(event: OutboxEvent) -> None:
    """Mail the answer to who asked, as long as he or she is a member."""
    request = _find(event)
    if request is not None and request.membership_id is not None:
        mail_request_answered(request=request, dedupe_key=str(event.pk), at=event.created_at)


def withdraw_orphaned_requests(event: OutboxEvent) -> None:
    """Withdraw what a person had asked for who is no member any more."""
    close_orphans(organization_id=event.organization_id, actor=Actor.system("access"), at=event.created_at)


def _find(event: OutboxEvent) -> AccessRequest | None:
    requests = AccessRequest.objects.select_related("user", "decided_by", "organization")
    return requests.filter(organization_id=event.organization_id, pk=event.payload["access_request"]).first()
