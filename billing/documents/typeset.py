"""Set a document with Typst: values go in as data, never as source (INC-28)."""

import json
import logging
from datetime import datetime
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from billing.documents.xmp import describe_einvoice
from manager.kit.errors import DomainError

logger = logging.getLogger(__name__)

FOLDER = settings.BASE_DIR / "templates" / "documents"
FONTS = FOLDER / "fonts"
STANDARDS = ["a-3a", "ua-1"]


class RenderFailed(DomainError):
    """The document cannot be made at present; what it is about stands."""

    code = "document_not_ready"
    status = 503
    message = _("The document cannot be made at present. Please try again in a few minutes.")


def typeset(*, template: str, data: dict[str, Any], at: datetime, einvoice: str = "") -> bytes:
    """Return the PDF of `templates/documents/<template>` with `data` (plain JSON values).

    The XML of an `einvoice` is attached to it, as Factur-X wants it (BIL-18).

    Only Typst's own fonts and those beside the template are used, and only files beside it can be read. Made
    to be kept and read aloud (PDF/A-3a, PDF/UA-1) where the fonts know every character that people have used.

    :raises RenderFailed: Typst refuses.
    """
    values = {"data": json.dumps(data), "einvoice": einvoice}
    try:
        pdf = _compile(template, values, at, STANDARDS)
    except typst.TypstError as error:
        logger.info("A document does not meet %s: %s", STANDARDS, error)
        pdf = _set_plainly(template, values, at)
    return describe_einvoice(pdf) if einvoice else pdf


def _set_plainly(template: str, values: dict[str, str], at: datetime) -> bytes:
    try:
        return _compile(template, values, at, [])
    except typst.TypstError as error:
        logger.exception("A document could not be set.")
        raise RenderFailed from error


def _compile(template: str, values: dict[str, str], at: datetime, standards: list[Any]) -> bytes:
    return typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        ignore_system_fonts=True,
        font_paths=[str(FONTS)],
        format="pdf",
        sys_inputs=values,
        pdf_standards=standards,
        timestamp=int(at.timestamp()),
    )
