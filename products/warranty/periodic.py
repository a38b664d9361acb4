"""Renewal Warranty by the calendar: cases opened, renewed at the operator's risk in time, closed (PRD-12)."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q

from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from products.inventory.status import ENDED, ProductStatus
from products.warranty.models import WarrantyCase
from products.warranty.selectors import is_warranted
from products.warranty.services import close_case, open_case, renew_at_risk
from products.warranty.status import CaseStatus

logger = logging.getLogger(__name__)

ACTOR = Actor.system("warranty")
UNPAID = (ProductStatus.SUSPENDED, ProductStatus.REDEMPTION)


def drain_warranty(*, at: datetime) -> int:
    """Do all that Renewal Warranty asks for at `at`; return how much. It runs before products end."""
    return _close(at) + _open(at) + _renew(at)


def _note(pk: int, owner: int, reason: str) -> None:
    """Show staff why the case could not be renewed."""
    WarrantyCase.objects.filter(organization_id=owner, pk=pk).update(last_error=reason[:250])


def _each(ids: list[tuple[int, int]], work: Callable[[int, int], bool], what: str) -> int:
    done = 0
    for pk, owner in ids:
        try:
            with tenant_scope(owner):
                done += work(pk, owner)
        except Exception:  # one case must not stop the others
            logger.exception("%s %s under warranty failed.", what, pk)
    return done


def _open(at: datetime) -> int:
    known = WarrantyCase.objects.using("system").values_list("product_id", "expired_on")
    found = Product.objects.using("system").filter(is_warranted("system"), status__in=UNPAID)
    had = set(known.filter(product__in=found))
    rows = found.order_by("pk").values_list("pk", "organization_id", "expires_on")
    ids = [(pk, owner) for pk, owner, expires_on in rows if (pk, expires_on) not in had]

    def work(pk: int, owner: int) -> bool:
        product = Product.objects.select_related("plan", "organization").get(organization_id=owner, pk=pk)
        return open_case(product=product, actor=ACTOR, at=at) is not None

    return _each(ids, work, "Product")


def _close(at: datetime) -> int:
    cases = WarrantyCase.objects.using("system").filter(status=CaseStatus.OPEN)
    renewed = Q(product__expires_on__gt=F("expired_on"))
    gone = Q(product__status__in=sorted(ENDED)) | ~Q(product__organization_id=F("organization_id"))
    done = 0
    for condition, status in ((gone, CaseStatus.ENDED), (renewed & ~gone, CaseStatus.SETTLED)):

        def work(pk: int, owner: int, status: str = status) -> bool:
            case = WarrantyCase.objects.get(organization_id=owner, pk=pk)
            close_case(case=case, status=status, actor=ACTOR, at=at)
            return True

        ids = list(cases.filter(condition).order_by("pk").values_list("pk", "organization_id"))
        done += _each(ids, work, "Case")
    return done


def _renew(at: datetime) -> int:
    due = WarrantyCase.objects.using("system").filter(
        status=CaseStatus.OPEN,
        renew_on__lte=at.date() + timedelta(days=1),
        product__status__in=UNPAID,
        product__organization_id=F("organization_id"),
    )

    def work(pk: int, owner: int) -> bool:
        case = WarrantyCase.objects.select_related("organization").get(organization_id=owner, pk=pk)
        if case.renew_on > day_in(case.organization.time_zone, at):
            return False
        try:
            renew_at_risk(case=case, actor=ACTOR, at=at)
        except DomainError as error:  # staff see it, and the next drain tries again
            logger.warning("The domain of case %s could not be renewed: %s", pk, error)
            _note(pk, owner, str(error))
            return False
        except Exception as error:  # a fault of the panel: a domain is in danger all the same
            _note(pk, owner, f"{type(error).__name__}: {error}")
            raise
        return True

    return _each(list(due.order_by("pk").values_list("pk", "organization_id")), work, "Case")
