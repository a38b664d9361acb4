"""What the engine leaves in the demonstration: reports of last night, a row in quarantine, findings."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from billing.rehearsal.periodic import drain_rehearsal
from billing.runs.models import QuarantineKind, RunKind
from billing.runs.rules import FAILURES
from billing.runs.services import count, finish_run, note_failure, start_run
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import ProductStatus

TENANT = "alpina"


def leave_runs(*, organizations: Mapping[str, Organization], at: datetime) -> None:
    """Report a planning and a charging run of last night, and rehearse the coming charges of everybody."""
    begun = at - timedelta(hours=7)
    planning = start_run(kind=RunKind.PLANNING, total=42, at=begun)
    count(run=planning, planned=41, failed=1, money={"CHF": 1_894_20, "EUR": 312_40}, duration_ms=1840)
    count(run=planning, reasons={"PriceNotFound": 1})
    finish_run(run=planning, at=begun + timedelta(seconds=2))
    charging = start_run(kind=RunKind.CHARGING, total=23, at=begun + timedelta(minutes=1))
    count(run=charging, charged=20, failed=3, money={"CHF": 1_711_90, "EUR": 249_00}, duration_ms=9320)
    count(run=charging, reasons={"insufficient_funds": 2, "expired_card": 1})
    finish_run(run=charging, at=begun + timedelta(minutes=1, seconds=9))
    _quarantine(organizations[TENANT], begun)
    drain_rehearsal(at=at)


def _quarantine(organization: Organization, at: datetime) -> None:
    """Let a product that is renewed by hand fail three times: nothing of the demonstration waits for it."""
    with tenant_scope(organization.pk):
        products = Product.objects.filter(
            organization_id=organization.pk, status=ProductStatus.ACTIVE, auto_renew=False
        )
        product_id = products.order_by("-expires_on", "pk").values_list("pk", flat=True)[0]
    for hour in range(FAILURES):
        note_failure(
            kind=QuarantineKind.PLAN,
            subject_id=product_id,
            organization_id=organization.pk,
            error="PriceNotFound: The plan is not sold for 12 months any more.",
            at=at + timedelta(minutes=hour),
        )
