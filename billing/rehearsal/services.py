"""Keep what a rehearsal finds: new rows are told, mended ones go (BIL-11)."""

from datetime import datetime

from django.db import transaction

from billing.rehearsal.compute import Found, find_problems
from billing.rehearsal.models import Finding, RehearsedOrganization
from billing.rehearsal.reasons import NOT_MAILED
from manager.outbox.publish import publish
from organizations.profile.models import Organization


@transaction.atomic
def rehearse(*, organization: Organization, at: datetime, nightly: bool = False) -> int | None:
    """Run the coming 60 days of an organization dry; return how many charges will fail (BIL-11).

    A `nightly` one is left out, and None returned, where this UTC day had one. Publishes `rehearsal.found`
    with what is new: a reason, with a means where one is at fault, that had no finding before. Reads
    prices, means and balance; no money moves.
    """
    row, is_new = RehearsedOrganization.objects.select_for_update().get_or_create(
        organization_id=organization.pk, defaults={"on": at.date(), "rehearsed_at": at}
    )
    if nightly and not is_new and row.on >= at.date():
        return None
    found = {_key(one): one for one in find_problems(organization=organization, at=at)}
    _keep(organization, found, at)
    row.on, row.rehearsed_at = at.date(), at
    row.save(update_fields=["on", "rehearsed_at"])
    return len(found)


def _key(found: Found) -> tuple[str, int | None]:
    return (str(found.reason), found.product.pk if found.product else None)


def _keep(organization: Organization, found: dict[tuple[str, int | None], Found], at: datetime) -> None:
    """Remove what is mended, update what is known, add what is new, and tell of new kinds of trouble."""
    known = {
        (row.reason, row.product_id): row for row in Finding.objects.filter(organization_id=organization.pk)
    }
    told = {(row.reason, row.method_id) for row in known.values()}
    rows = [
        _row(organization, one, known[key].found_at if key in known else at) for key, one in found.items()
    ]
    if {_content(row) for row in rows} == {_content(row) for row in known.values()}:
        return
    Finding.objects.filter(organization_id=organization.pk).delete()
    Finding.objects.bulk_create(rows, batch_size=1000)
    new = [row for row in rows if row.reason not in NOT_MAILED and (row.reason, row.method_id) not in told]
    if new:
        publish(
            "rehearsal.found",
            organization_id=organization.pk,
            payload={"reasons": sorted({str(row.reason) for row in new})},
            at=at,
        )


def _content(row: Finding) -> tuple[object, ...]:
    return (row.reason, row.product_id, row.method_id, row.charge_on, row.amount, row.currency)


def _row(organization: Organization, found: Found, found_at: datetime) -> Finding:
    return Finding(
        organization_id=organization.pk,
        reason=found.reason,
        product=found.product,
        method=found.method,
        charge_on=found.charge_on,
        amount=found.money.amount if found.money else None,
        currency=organization.currency,
        found_at=found_at,
    )
