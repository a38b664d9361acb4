"""Reach the owner: send what can be sent from here, note what staff did by phone and letter (PRD-12)."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.publish import publish
from manager.outbox.sms import queue_sms
from organizations.audit.services import record_audit
from organizations.members.selectors import list_billing_contacts
from products.warranty.models import ContactTask
from products.warranty.status import CaseStatus, Means, Outcome


class ContactDone(DomainError):
    """This contact was made already."""

    code = "contact_done"
    message = gettext_lazy("This contact was noted already.")


class NobodyToReach(DomainError):
    """The organization has nobody with a number or an address of this kind."""

    code = "nobody_to_reach"
    message = gettext_lazy("Nobody there can be reached like this. Please try another way, and note it.")


@transaction.atomic
def note_contact(
    *, task: ContactTask, outcome: str, note: str = "", user_id: int, actor: Actor, at: datetime
) -> ContactTask:
    """Note what came of a contact.

    :raises ContactDone: it was noted already.
    """
    row = _lock(task)
    row.outcome = outcome
    row.note = note
    row.done_at = at
    row.done_by_id = user_id
    row.save(update_fields=["outcome", "note", "done_at", "done_by"])
    record_audit(
        organization_id=row.organization_id,
        name="warranty.contacted",
        actor=actor,
        at=at,
        subject=row,
        means=row.means,
        outcome=outcome,
    )
    return row


@transaction.atomic
def send_contact(*, task: ContactTask, user_id: int, actor: Actor, at: datetime) -> ContactTask:
    """Send the mail or the SMS of a contact to the billing contacts, and note it as sent.

    :raises ContactDone: it was noted already.
    :raises NobodyToReach: it is a phone call or a letter, nobody has an address for it, or the domain is
        no longer about to be lost.
    """
    row = _lock(task)
    if row.case.status != CaseStatus.OPEN:
        sent = 0  # what they say is not true any more
    elif row.means == Means.MAIL:
        sent = _send_mail(row, at)
    elif row.means == Means.SMS:
        sent = _send_sms(row, at)
    else:
        sent = 0
    if not sent:
        raise NobodyToReach
    return note_contact(task=row, outcome=Outcome.SENT, user_id=user_id, actor=actor, at=at)


def _send_mail(task: ContactTask, at: datetime) -> int:
    contacts = list_billing_contacts(organization_id=task.organization_id)
    publish(
        "warranty.mail_asked", organization_id=task.organization_id, payload={"case": task.case_id}, at=at
    )
    return sum(bool(contact.email) for contact in contacts)


def _send_sms(task: ContactTask, at: datetime) -> int:
    case = task.case
    contacts = list_billing_contacts(organization_id=task.organization_id)
    people = User.objects.filter(pk__in=[contact.user_id for contact in contacts]).exclude(phone="")
    for person in people.order_by("pk"):
        with translation.override(person.language):
            text = _("%(name)s has expired and is about to be lost. Please renew it before %(day)s.") % {
                "name": case.product_name,
                "day": date_format(case.renew_on),
            }
        queue_sms(
            recipient=person.phone,
            text=text,
            dedupe_key=f"warranty:{task.pk}:{person.pk}",
            at=at,
            organization_id=task.organization_id,
        )
    return len(people)


def _lock(task: ContactTask) -> ContactTask:
    row = (
        ContactTask.objects.select_for_update(of=("self",))
        .select_related("case__organization", "case__product__plan")
        .get(organization_id=task.organization_id, pk=task.pk)
    )
    if row.done_at is not None:
        raise ContactDone
    return row
