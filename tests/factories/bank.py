"""The operator's bank for tests: accounts, files, and what became of their entries."""

from billing.bank.models import StatementEntry
from billing.bank.periodic import drain_bank
from billing.bank.services import import_statement
from billing.bank.services.keep import Kept
from billing.bank.status import Source
from billing.profiles.models import LegalEntity
from billing.transfer.references import Target, write_reference
from billing.transfer.selectors import get_seller_account
from billing.transfer.services import set_seller_account
from manager.demo.bank.writer import Line, Transfer, write_camt
from tests.factories.billing import ACTOR, AT, make_legal_entity

IBAN = "CH9300762011623852957"
QR_IBAN = "CH4431999123000889012"
EUR_IBAN = "CH5604835012345678009"
DAY = AT.date()


def make_bank() -> LegalEntity:
    """Return the company that sells, with an account in francs and one in euros."""
    entity = make_legal_entity()
    set_seller_account(legal_entity=entity, currency="CHF", iban=IBAN, qr_iban=QR_IBAN, bank_name="Bank")
    set_seller_account(legal_entity=entity, currency="EUR", iban=EUR_IBAN, bank_name="Bank")
    return entity


def reference_to(kind: str, number: int, *, entity: LegalEntity, currency: str = "CHF") -> str:
    """Return the reference that pays an invoice (`invoice`) or an organization's account (`top_up`)."""
    account = get_seller_account(legal_entity=entity, currency=currency)
    return write_reference(Target(kind, number), account=account).text


def line(amount: int, reference: str = "", *, bank_reference: str = "", **fields: object) -> Line:
    """Return an entry of one transfer; the fields are the transfer's, or the entry's own."""
    own = {name: fields.pop(name) for name in list(fields) if name in OF_LINE}
    transfer = Transfer(
        amount=fields.pop("gross", amount), reference=reference, bank_reference=bank_reference, **fields
    )
    return Line(amount=amount, on=DAY, transfers=[transfer], bank_reference=bank_reference, **own)


OF_LINE = {"is_credit", "is_reversal", "status", "entry_reference", "currency"}


def bring(*lines: Line, book: bool = True, name: str = "camt.xml", **fields: object) -> Kept:
    """Keep a file with the entries, and look at them."""
    content = write_camt(list(lines), **{"iban": IBAN, **fields})
    kept = import_statement(content=content, name=name, source=Source.UPLOAD, actor=ACTOR, at=AT)
    if book:
        drain_bank(at=AT)
    return kept


def only_entry() -> StatementEntry:
    """Return the one entry that there is."""
    return StatementEntry.objects.get()
