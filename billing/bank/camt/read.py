"""From the bytes of a file to its bookings; hostile XML is refused before anything is read of it."""

import re
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from billing.bank.camt.details import read_details
from billing.bank.camt.errors import FileEmpty, FileTooLarge, StatementInvalid, VersionUnknown
from billing.bank.camt.nodes import Node
from billing.bank.camt.words import Booking, CamtFile

MOST_BYTES = 10 * 1024 * 1024
MOST_ENTRIES = 50_000
NAMESPACE = re.compile(r"\{(urn:iso:std:iso:20022:tech:xsd:(camt\.05[34])\.001\.(02|04|08))\}Document")
BODIES = {"camt.053": "BkToCstmrStmt/Stmt", "camt.054": "BkToCstmrDbtCdtNtfctn/Ntfctn"}
STATES = {"BOOK", "PDNG", "INFO", "FUTR"}


def read_camt(content: bytes) -> CamtFile:
    """Return what the file says (BIL-17). Document types, entities and external references are never allowed.

    :raises FileEmpty: there is nothing in it.
    :raises FileTooLarge: it is larger than 10 MB.
    :raises VersionUnknown: it is no camt.053 or camt.054 of the versions 02, 04 or 08.
    :raises StatementInvalid: it is no XML, hostile, cut off, or lacks what an entry has to say.
    """
    if not content.strip():
        raise FileEmpty
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    try:
        root = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        message = _("The file declares a document type or entities, which a bank statement never does.")
        raise StatementInvalid(message) from None
    except (ParseError, ValueError, LookupError):
        # Also texts in another encoding than the file says: ValueError and LookupError.
        raise StatementInvalid(_("The file is not XML, is cut off, or is in a wrong encoding.")) from None
    found = NAMESPACE.fullmatch(root.tag)
    if found is None:
        raise VersionUnknown
    space, kind, version = found.groups()
    return _read_message(Node(root, f"{{{space}}}"), kind, version)


def _read_message(root: Node, kind: str, version: str) -> CamtFile:
    body = BODIES[kind]
    parts = list(root.all(body))
    if not parts:
        raise StatementInvalid(_("The file holds no statement."))
    bookings: list[Booking] = []
    accounts: list[str] = []
    for part in parts:
        iban = part.text("Acct/Id/IBAN").replace(" ", "").upper()
        if not iban:
            raise StatementInvalid(_("A statement does not name its account by an IBAN."))
        accounts.append(iban)
        bookings += [_read_booking(entry, iban) for entry in part.all("Ntry")]
    if sum(len(one.details) or 1 for one in bookings) > MOST_ENTRIES:
        raise FileTooLarge(_("The file holds more than 50,000 entries."))
    return CamtFile(
        kind=kind,
        version=version,
        message_id=root.text(f"{body.partition('/')[0]}/GrpHdr/MsgId", most=70),
        accounts=tuple(dict.fromkeys(accounts)),
        bookings=tuple(bookings),
    )


def _read_booking(entry: Node, iban: str) -> Booking:
    status = entry.text("Sts/Cd", "Sts")  # an element of its own since version 08
    if status not in STATES:
        raise StatementInvalid(_("An entry does not say whether it is booked."))
    currency = entry.currency("Amt")
    amount = entry.minor("Amt")
    details, charges = read_details(entry, amount=amount, currency=currency)
    booked_on = entry.day("BookgDt")
    if status == "BOOK" and booked_on is None and entry.day("ValDt") is None:
        raise StatementInvalid(_("A booked entry has no date."))
    return Booking(
        iban=iban,
        currency=currency,
        amount=amount,
        is_credit=entry.is_credit(),
        is_reversal=entry.flag("RvslInd"),
        status=status,
        booked_on=booked_on,
        value_on=entry.day("ValDt"),
        bank_reference=entry.text("AcctSvcrRef", most=70),
        entry_reference=entry.text("NtryRef", most=70),
        text=entry.text("AddtlNtryInf", most=500),
        charges=charges,
        details=details,
    )
