"""Staff grant free credits to an organization, and withdraw them (BIL-13)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.promotions.models import FreeCredit
from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.money import Money
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from products.catalog.models import Plan


class CreditUsed(DomainError):
    """An order uses it, or it was withdrawn before."""

    code = "free_credit_used"
    message = _("This free credit is used or withdrawn already.")


class CreditWorthNothing(DomainError):
    """It is neither an amount nor months."""

    code = "free_credit_empty"
    status = 422
    field = "amount"
    message = _("Enter an amount or a number of months, one of both.")


class CreditCurrency(DomainError):
    """The organization pays in another currency."""

    code = "free_credit_currency"
    status = 422
    field = "amount"
    message = _("This organization pays in another currency.")


@transaction.atomic
def grant_credit(
    *,
    organization: Organization,
    plan: Plan,
    amount: Money | None,
    months: int | None,
    reason: str,
    valid_from: date,
    valid_until: date | None,
    actor: Actor,
    at: datetime,
) -> FreeCredit:
    """Give an organization an amount, or so many months, of one unit of a plan, for one order.

    :raises CreditWorthNothing: neither, or both, of amount and months.
    :raises CreditCurrency: the amount is in another currency than the organization's.
    """
    if bool(amount and amount.amount > 0) == bool(months and months > 0):
        raise CreditWorthNothing
    if amount is not None and amount.currency != organization.currency:
        raise CreditCurrency
    credit = FreeCredit.objects.create(
        organization_id=organization.pk,
        plan=plan,
        amount=amount.amount if amount else None,
        currency=amount.currency if amount else "",
        months=months or None,
        reason=reason.strip()[:200],
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=actor.name[:200],
        granted_at=at,
    )
    _record("free_credit.granted", credit, plan, actor, at)
    return credit


@transaction.atomic
def withdraw_credit(*, organization_id: int, credit_id: int, actor: Actor, at: datetime) -> FreeCredit:
    """Take back a free credit that no order uses.

    :raises NotFound: the organization has no such credit.
    :raises CreditUsed: an order uses it, or it is withdrawn.
    """
    # An order computes with the credit under this lock.
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    credit = (
        FreeCredit.objects.select_for_update(of=("self",))
        .select_related("plan")
        .filter(organization_id=organization_id, pk=credit_id)
        .first()
    )
    if credit is None:
        raise NotFound
    if credit.invoice_id is not None or credit.withdrawn_at is not None:
        raise CreditUsed
    credit.withdrawn_at = at
    credit.save(update_fields=["withdrawn_at"])
    _record("free_credit.withdrawn", credit, credit.plan, actor, at)
    return credit


def _record(name: str, credit: FreeCredit, plan: Plan, actor: Actor, at: datetime) -> None:
    record_audit(
        organization_id=credit.organization_id,
        name=name,
        actor=actor,
        at=at,
        subject=credit,
        plan=plan.slug,
        amount=credit.amount,
        currency=credit.currency,
        months=credit.months,
    )
