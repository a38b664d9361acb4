"""Trials: a kind of product is tried once by an organization, and once by a person."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoices.services.draft import constraint_of
from billing.orders.models import Order, Trial
from manager.kit.errors import DomainError
from organizations.profile.models import Organization

ONCE = frozenset({"trial_once_per_organization", "trial_once_per_person"})


class TrialRefused(DomainError):
    """The trial was had already, or there is none like this."""

    code = "trial_refused"
    status = 422
    field = "is_trial"
    message = _("You have had the free trial of this offer already. You can order it at its price.")


def list_tried(*, organization: Organization, person_id: int | None) -> frozenset[str]:
    """Return the kinds of products that the organization, or the person in any other one, has tried."""
    mine = Q(organization_id=organization.pk)
    if person_id is not None:
        mine |= Q(person_id=person_id)
    return frozenset(Trial.objects.using("system").filter(mine).values_list("kind", flat=True))


def require_untried(*, organization: Organization, person_id: int | None, kind: str) -> None:
    """Refuse a second trial early, with words; the database refuses it in any case.

    :raises TrialRefused: it was had.
    """
    if kind in list_tried(organization=organization, person_id=person_id):
        raise TrialRefused


def take_trial(*, order: Order, kind: str, person_id: int | None, at: datetime) -> Trial:
    """Note that the organization, and the person who orders, have their trial of a kind.

    :raises TrialRefused: one of them has had it, perhaps at this moment.
    """
    try:
        with transaction.atomic():
            return Trial.objects.create(
                organization_id=order.organization_id,
                kind=kind,
                person_id=person_id,
                order=order,
                created_at=at,
            )
    except IntegrityError as error:
        if constraint_of(error) in ONCE:
            raise TrialRefused from error
        raise


def give_trials_back(*, order: Order) -> int:
    """Forget the trials of an order that was cancelled before they began; return how many."""
    deleted, _by_model = Trial.objects.filter(organization_id=order.organization_id, order=order).delete()
    return deleted
