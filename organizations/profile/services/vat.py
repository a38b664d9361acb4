"""Ask the register about an organization's VAT number, and keep its answers (ORG-4)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.nudge import nudge
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_organization
from organizations.audit.services import record_audit
from organizations.profile.models import Organization, VatCheck, VatCheckState
from organizations.profile.selectors import latest_vat_check
from organizations.profile.vat_checks import VatAnswer, find_register, further_numbers
from organizations.progress.services import begin_task

RECHECK_AFTER = timedelta(days=90)
FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=12)
CURRENT_FOR = timedelta(minutes=1)
TASK = "vat_check"
"""The kind of task that a check is."""


class NoVatNumber(DomainError):
    """The organization has no VAT number to ask about."""

    code = "no_vat_number"
    status = 409
    message = _("Please enter the VAT number first.")


def request_vat_check(*, organization: Organization, actor: Actor, at: datetime) -> VatCheck:
    """Have the organization's number asked again now; one that waits, or is a minute old, stays.

    :raises NoVatNumber: there is none.
    """
    with tenant_scope(organization.pk), transaction.atomic():
        row = lock_organization(organization_id=organization.pk)
        if not row.vat_number:
            raise NoVatNumber
        check = _hasten(row, at) or _ask_anew(row, actor, at)
        begin_task(organization_id=row.pk, kind=TASK, subject_id=check.pk, actor=actor, at=at)
        return check


def _hasten(organization: Organization, at: datetime) -> VatCheck | None:
    """Return the check that waits, which is asked at once, or that is a minute old; None without one."""
    latest = latest_vat_check(organization=organization)
    if latest is None:
        return None
    if latest.due_at is not None:
        VatCheck.objects.filter(pk=latest.pk, due_at__gt=at, state=VatCheckState.UNAVAILABLE).update(
            due_at=at
        )
        nudge("vat-checks")
        return latest
    is_current = latest.answered_at and at - latest.answered_at < CURRENT_FOR
    return latest if is_current else None


def _ask_anew(organization: Organization, actor: Actor, at: datetime) -> VatCheck:
    record_audit(
        organization_id=organization.pk,
        name="organization.vat_check_requested",
        actor=actor,
        at=at,
        subject=organization,
        number=organization.vat_number,
    )
    check = ask_register(organization=organization, at=at)
    if check is None:
        raise NoVatNumber
    return check


def ask_register(*, organization: Organization, at: datetime) -> VatCheck | None:
    """Write down that the sheet's number is to be asked, in the transaction that changed it.

    Answers stay as evidence. Where no register knows such numbers the row says so. None for an
    organization without a number.
    """
    forget_numbers(organization=organization)
    return ask_number(organization=organization, number=organization.vat_number, at=at)


def forget_numbers(*, organization: Organization) -> None:
    """Ask no more about numbers that neither the sheet nor a floor above uses; answers stay as evidence."""
    used = {organization.vat_number} | further_numbers(organization.pk)
    gone = VatCheck.objects.filter(organization_id=organization.pk).exclude(number__in=used)
    gone.filter(due_at__isnull=False).delete()
    gone.filter(recheck_at__isnull=False).update(recheck_at=None)


def ask_number(*, organization: Organization, number: str, at: datetime) -> VatCheck | None:
    """Write down that one of the organization's numbers is to be asked; None for an empty one.

    A question about it that nobody has answered is put anew. In the caller's transaction, under the
    organization's lock.
    """
    mine = VatCheck.objects.filter(organization_id=organization.pk, number=number)
    mine.filter(due_at__isnull=False).delete()
    mine.filter(recheck_at__isnull=False).update(recheck_at=None)
    if not number:
        return None
    has_register = find_register(number) is not None
    check = VatCheck.objects.create(
        organization_id=organization.pk,
        number=number,
        state=VatCheckState.WAITING if has_register else VatCheckState.NOT_CHECKED,
        asked_at=at,
        due_at=at if has_register else None,
    )
    if has_register:
        nudge("vat-checks")
    return check


def answer_vat_check(*, check: VatCheck, answer: VatAnswer, actor: Actor, at: datetime) -> bool:
    """Keep the register's answer; False when another worker, or a new number, has come between.

    A number that is not valid publishes `organization.vat_refused`, once until it is valid again.
    """
    state = VatCheckState.VALID if answer.is_valid else VatCheckState.NOT_VALID
    with tenant_scope(check.organization_id), transaction.atomic():
        before = (
            VatCheck.objects.filter(organization_id=check.organization_id, number=check.number)
            .exclude(pk=check.pk)
            .order_by("-id")
            .first()
        )
        written = VatCheck.objects.filter(pk=check.pk, fence=check.fence, due_at__isnull=False).update(
            state=state,
            answered_at=at,
            name=answer.name,
            address=answer.address,
            reference=answer.reference,
            due_at=None,
            recheck_at=at + RECHECK_AFTER,
            last_error="",
        )
        if not written:
            return False
        facts = {"number": check.number, "state": str(state)}
        record_audit(
            organization_id=check.organization_id,
            name="organization.vat_checked",
            actor=actor,
            at=at,
            subject=Organization.objects.get(pk=check.organization_id),
            **facts,
            reference=answer.reference,
        )
        is_news = before is None or before.state != state
        if state == VatCheckState.NOT_VALID and is_news:
            publish("organization.vat_refused", organization_id=check.organization_id, payload=facts, at=at)
    return True


def postpone_vat_check(*, check: VatCheck, reason: str, at: datetime) -> None:
    """Ask again later and later: the register is not available."""
    wait = min(FIRST_RETRY * 2 ** min(check.attempts - 1, 12), LONGEST_RETRY)
    with tenant_scope(check.organization_id):
        VatCheck.objects.filter(pk=check.pk, fence=check.fence, due_at__isnull=False).update(
            state=VatCheckState.UNAVAILABLE, due_at=at + wait, last_error=reason[:250]
        )
