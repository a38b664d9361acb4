"""All organizations' refunds as a table for spreadsheets (BIL-14)."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.refunds.models import Refund
from manager.kit.spreadsheet import write_csv

MAX_ROWS = 50_000


def refunds_as_csv(refunds: QuerySet[Refund]) -> bytes:
    """Return one row for each refund, amounts in major units with a point, no cell a formula (INC-31)."""
    header = [
        _("Invoice"),
        _("Organization"),
        _("State"),
        _("Reason"),
        _("Begun"),
        _("Begun by"),
        _("Ended"),
        _("Credit note"),
        _("Currency"),
        _("Amount"),
        _("Of that to the means that paid"),
    ]
    return write_csv(header, (_row(refund) for refund in refunds[:MAX_ROWS]))


def _row(refund: Refund) -> list[object]:
    return [
        refund.invoice.number,
        refund.organization.name,
        refund.get_status_display(),
        refund.told_reason,
        refund.created_at.isoformat(timespec="seconds"),
        refund.begun_by_name,
        refund.finished_at.isoformat(timespec="seconds") if refund.finished_at else "",
        refund.credit_note.number if refund.credit_note else "",
        refund.currency,
        str(refund.money.as_decimal()),
        str(refund.given_to_means.as_decimal()),
    ]
