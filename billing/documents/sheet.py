"""What every document has: the brand, both parties, the foot, and how days and sums are written."""

from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from billing.documents.logo import read_logo
from billing.profiles.models import LegalEntity
from billing.profiles.party import Party
from manager.kit.money import Money


def sheet(*, language: str, seller: Party, buyer: Party, entity: LegalEntity) -> dict[str, Any]:
    """Return the sheet of a document of `entity`, with the parties as they are written on it.

    The language is to be the active one.
    """
    return {
        "language": language,
        "brand": {
            "name": settings.BRAND_NAME,
            "initial": settings.BRAND_NAME[:1].upper(),
            "accent": settings.BRAND_ACCENT,
        },
        "logo": read_logo(legal_entity=entity),
        "seller": {"name": seller.name, "lines": _party_lines(seller), "line": _party_line(seller)},
        "buyer": {"lines": _party_lines(buyer)},
        "subheading": None,
        "notice": None,
        "stamp": None,
        "payment": None,
        "labels": {
            "buyer": _("Billed to"),
            "seller": _("From"),
            "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        },
    }


def facts(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """Return names with their values, as templates take them."""
    return [{"name": name, "value": value} for name, value in pairs]


def locale() -> str:
    """Return the active language as Babel names it."""
    return (translation.get_language() or "en").replace("-", "_")


def day(value: date | None) -> str:
    """Return a day as people write it, nothing for none."""
    return format_date(value, format="long", locale=locale()) if value else ""


def number(amount: Money) -> str:
    """Return an amount without its currency."""
    return format_decimal(amount.as_decimal(), format="#,##0.00", locale=locale())


def _party_lines(party: Party) -> list[str]:
    lines = [party.name, party.street, party.locality, party.country_name]
    if party.vat_number:
        lines.append(_("VAT number %(number)s") % {"number": party.printed_vat_number})
    return [line for line in lines if line]


def _party_line(party: Party) -> str:
    parts = (party.name, party.street, party.locality, party.printed_vat_number)
    return " · ".join(part for part in parts if part)
