"""The movements of a period as a table for spreadsheets, and as a statement to keep (BIL-7)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from billing.documents.sheet import day, facts, locale, number, sheet
from billing.documents.typeset import typeset
from billing.prepaid.selectors import Movement, Wanted, balance_before, describe, select_entries
from billing.profiles.party import Party
from billing.profiles.selectors import default_address, default_entity
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.kit.spreadsheet import write_csv
from organizations.profile.models import Organization

TEMPLATE = "statement.typ"
MAX_ROWS = 50_000
LONGEST = timedelta(days=366)
MAX_LINES = 5_000
"""A statement of more lines is no paper: the table for spreadsheets takes them."""


class PeriodInvalid(DomainError):
    """The period ends before it begins, or is longer than a year."""

    code = "period_invalid"
    status = 422
    field = "last"


def movements_as_csv(*, organization: Organization, wanted: Wanted) -> bytes:
    """Return one row for each of the `wanted` movements, oldest first, no cell a formula (INC-31)."""
    header = [_("Date"), _("What"), _("Document"), _("In"), _("Out"), _("Balance"), _("Currency")]
    rows = list(select_entries(organization=organization, wanted=wanted).order_by("pk")[:MAX_ROWS])
    return write_csv(header, (_cells(row) for row in describe(organization=organization, rows=rows)))


def _cells(row: Movement) -> list[object]:
    came = row.money.amount > 0  # a cell that begins with a minus would be one of a formula
    return [
        row.at.isoformat(timespec="seconds"),
        row.text,
        row.invoice_number,
        str(row.money.as_decimal()) if came else "",
        "" if came else str((-row.money).as_decimal()),
        str(row.balance.as_decimal()),
        row.money.currency,
    ]


def render_statement(*, organization: Organization, first: date, last: date, at: datetime) -> bytes:
    """Return the statement of the days from `first` to `last` as PDF, in the organization's language.

    :raises PeriodInvalid: it ends before it begins, is longer than a year, or has too many movements.
    :raises RenderFailed: it cannot be made now; ask again.
    """
    if last < first or last - first > LONGEST:
        raise PeriodInvalid(_("Please choose a period of at most one year."))
    found = select_entries(organization=organization, wanted=Wanted(first=first, last=last))
    rows = list(found.order_by("pk")[: MAX_LINES + 1])
    if len(rows) > MAX_LINES:
        raise PeriodInvalid(_("There are too many movements for one statement. Please choose fewer days."))
    with translation.override(organization.language):
        opening = balance_before(organization=organization, day=first)
        content = _content(organization, opening, describe(organization=organization, rows=rows), first, last)
    return typeset(template=TEMPLATE, data=content, at=at)


def _content(
    organization: Organization, opening: Money, movements: list[Movement], first: date, last: date
) -> dict[str, Any]:
    entity = default_entity()
    content = sheet(
        language=organization.language,
        seller=Party.of_entity(entity),
        buyer=default_address(organization=organization),
        entity=entity,
    )
    moved = Money.total((row.money for row in movements), organization.currency)
    came = Money.total((row.money for row in movements if row.money.amount > 0), organization.currency)
    closing = opening + moved
    content |= {
        "title": _("Statement of the prepaid account"),
        "number": f"{first.isoformat()}/{last.isoformat()}",
        "heading": _("Statement"),
        "subheading": _("of the prepaid account"),
        "facts": facts(
            (_("From"), day(first)),
            (_("To"), day(last)),
            (_("Opening balance"), opening.format(locale())),
            (_("Came in"), came.format(locale())),
            (_("Went out"), (came - moved).format(locale())),
        ),
        "rows": [_row(organization, row) for row in movements],
        "total": closing.format(locale()),
        "notes": [] if movements else [_("Nothing was moved in this period.")],
    }
    content["labels"] |= {
        "buyer": _("Account of"),
        "total": _("Closing balance"),
        "columns": [_("Date"), _("What"), _("Amount"), _("Balance")],
    }
    return content


def _row(organization: Organization, row: Movement) -> dict[str, str | None]:
    return {
        "date": day(day_in(organization.time_zone, row.at)),
        "name": row.text,
        "hint": row.invoice_number or None,
        "amount": number(row.money),
        "balance": number(row.balance),
    }
