"""Ask who ordered for an identity check, and send it again (PRD-5, ACC-12)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.identity.models import IdentityCase
from accounts.identity.services import open_case
from accounts.identity.status import CaseStatus, Reason
from accounts.users.models import User
from billing.holds.models import OrderHold
from billing.holds.services.decide import HoldDecided
from billing.orders.models import Order
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.members.selectors import list_billing_contacts

SEND_AGAIN_AFTER = timedelta(minutes=10)
MOST_MAILS = 12


class SentJustNow(DomainError):
    """The mail was sent a moment ago, or often enough."""

    code = "check_sent_just_now"
    status = 429
    message = _("The mail was sent a few minutes ago. Please look into your mailbox, also for unwanted mail.")


class CheckUnderReview(DomainError):
    """The documents are here already."""

    code = "check_under_review"
    message = _("We have your documents and look at them. There is nothing else that you need to do.")


class NobodyToAsk(DomainError):
    """The order was placed by nobody who can be mailed."""

    code = "nobody_to_ask"
    message = _("Nobody of this organization can be asked by mail.")


@transaction.atomic
def ask_for_check(*, hold: OrderHold, actor: Actor, at: datetime) -> OrderHold:
    """Open an identity check for who ordered, once; publishes `order.check_asked`, which sends the mail.

    An order of somebody who has left, or of a machine, is asked of the first billing contact.

    :raises NobodyToAsk: there is none.
    """
    row = _lock(hold)
    if row.case_id is not None:
        return row
    return _ask(row, actor, at)


@transaction.atomic
def ask_again(*, hold: OrderHold, actor: Actor, at: datetime) -> OrderHold:
    """Send the mail again, with a new check where the former link has ended.

    :raises HoldDecided: the order is not held any more.
    :raises CheckUnderReview: the documents have come, and staff are to decide.
    :raises SentJustNow: less than ten minutes ago, or twelve times by now.
    :raises NobodyToAsk: there is nobody.
    """
    row = _lock(hold)
    if not row.is_open:
        raise HoldDecided
    if is_under_review(row):
        raise CheckUnderReview
    if row.asked_count >= MOST_MAILS or (row.asked_at and at < row.asked_at + SEND_AGAIN_AFTER):
        raise SentJustNow
    return _ask(row, actor, at)


def is_under_review(hold: OrderHold) -> bool:
    """Return whether the person has sent the documents, so that staff are to decide."""
    return IdentityCase.objects.filter(pk=hold.case_id or 0, status=CaseStatus.SUBMITTED).exists()


def _lock(hold: OrderHold) -> OrderHold:
    return OrderHold.objects.select_for_update(of=("self",)).get(
        organization_id=hold.organization_id, pk=hold.pk
    )


def _ask(row: OrderHold, actor: Actor, at: datetime) -> OrderHold:
    case = IdentityCase.objects.filter(pk=row.case_id or 0).first()
    if case is None or not case.is_open(at):
        row.case_id = _open(row, at).pk
    row.asked_at = at
    row.asked_count += 1
    row.save(update_fields=["case_id", "asked_at", "asked_count"])
    facts = {"order": row.order_id, "hold": row.pk, "case": row.case_id}
    record_audit(
        organization_id=row.organization_id, name="order.check_asked", actor=actor, at=at, subject=row.order
    )
    publish("order.check_asked", organization_id=row.organization_id, payload=facts, at=at)
    return row


def _open(row: OrderHold, at: datetime) -> IdentityCase:
    order = Order.objects.get(organization_id=row.organization_id, pk=row.order_id)
    user = User.objects.filter(pk=order.placed_by, is_active=True).first()
    if user is None:
        contacts = list_billing_contacts(organization_id=row.organization_id)
        user = User.objects.filter(pk__in=[contact.user_id for contact in contacts[:1]]).first()
    if user is None:
        raise NobodyToAsk
    subject = {"organization": row.organization_id, "order": row.order_id, "hold": row.pk}
    case, _secret = open_case(
        user=user, reason=Reason.HELD_ORDER, actor=Actor.system("holds"), at=at, subject=subject
    )
    return case
