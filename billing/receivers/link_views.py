"""The page behind the links of the mails: yes or no to an organization's billing messages (ORG-11).

It tells who asks, and nothing else: no address, no amount, no person.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.sessions.limits import MINUTE, rate_limited
from billing.receivers.errors import LinkExpired
from billing.receivers.models import BillingReceiver
from billing.receivers.selectors import find_by_secret
from billing.receivers.services import accept_messages, can_accept, refuse_messages
from manager.kit.actor import Actor, ActorKind
from manager.kit.clock import now
from manager.kit.errors import NotFound
from manager.kit.requests import client_address, client_agent, public
from manager.kit.scope import tenant_scope
from manager.kit.tokens import split_key

ANSWERS_PER_ADDRESS = 60


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("billing-receiver", limit=ANSWERS_PER_ADDRESS, window_seconds=15 * MINUTE)
def answer_receiver(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whether the messages are wanted; a POST answers.

    A mail program that opens the link changes nothing.
    """
    parts = split_key(key.replace("\x00", ""))
    if parts is None:
        raise NotFound
    organization_id, secret = parts
    at = now()
    with tenant_scope(organization_id, 0):
        row = find_by_secret(organization_id=organization_id, secret=secret)
        if request.method == "POST":
            row, status = _answer(request, row, secret, at)
        else:
            status = 200
        context = {
            "organization": row.organization.name,
            "status": row.status,
            "can_accept": can_accept(row, secret=secret, at=at),
        }
    return render(request, "billing/receivers/answer.html", context, status=status)


def _answer(
    request: HttpRequest, row: BillingReceiver, secret: str, at: datetime
) -> tuple[BillingReceiver, int]:
    actor = Actor(ActorKind.VISITOR, address=client_address(request), agent=client_agent(request))
    answer = request.POST.get("answer")
    organization = row.organization
    try:
        if answer == "yes":
            row = accept_messages(receiver=row, secret=secret, actor=actor, at=at)
        elif answer == "no":
            row = refuse_messages(receiver=row, secret=secret, actor=actor, at=at)
        else:
            return row, 422
    except LinkExpired as error:
        return row, error.status
    row.organization = organization
    return row, 200
