"""The transactions of a booking: a single payment, or each payment of a batch."""

from billing.bank.camt.nodes import MOST_TEXT, Node, one_line
from billing.bank.camt.words import Detail

AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")
ORDERED = ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt")
NAMES = ("Dbtr/Nm", "Dbtr/Pty/Nm", "UltmtDbtr/Nm", "UltmtDbtr/Pty/Nm")
PAYEES = ("Cdtr/Nm", "Cdtr/Pty/Nm")


def read_details(entry: Node, *, amount: int, currency: str) -> tuple[tuple[Detail, ...], int]:
    """Return the transactions of an entry, and the charges that belong to none of them.

    The only transaction of an entry moved what the entry moved. Those of a batch have to add up to it, the
    charges of the batch taken off; where they do not, the sum waits for people and none of them is given.
    """
    nodes = list(entry.all("NtryDtls/TxDtls"))
    whole = _charges(entry, currency)
    if not nodes:
        return (), whole
    if len(nodes) == 1:
        return (_read(nodes[0], entry, amount, currency, _charges(nodes[0], currency) or whole),), 0
    amounts = [_amount(node, currency) for node in nodes]
    known = [one for one in amounts if one is not None]
    if len(known) < len(nodes):
        return (), whole
    signs = [-1 if node.text("CdtDbtInd") not in {"", entry.text("CdtDbtInd")} else 1 for node in nodes]
    if -1 in signs:  # a batch with its own returns: people decide
        return (), whole
    kept = [_charges(node, currency) for node in nodes]
    all_kept = sum(kept)
    if all_kept and sum(known) == amount + all_kept:
        known = [one - charges for one, charges in zip(known, kept, strict=True)]
    over = sum(known) - amount
    if over not in {0, whole} or max(known) <= over or any(one <= 0 for one in known):
        return (), whole
    if over:  # what the bank kept of the batch is borne by its largest payment, for the account's sake
        largest = known.index(max(known))
        known[largest] -= over
        kept[largest] += over
    found = zip(nodes, known, kept, strict=True)
    return tuple(_read(node, entry, one, currency, charges) for node, one, charges in found), 0


def _amount(node: Node, currency: str) -> int | None:
    """Return what the transaction moved in the account's currency, None where the bank does not say."""
    found = (node.amount(path, currency) for path in AMOUNTS)
    return next((one for one in found if one is not None), None)


def _charges(node: Node, currency: str) -> int:
    """Return the charges that are taken off the amount already."""
    records = list(node.all("Chrgs/Rcrd"))
    taken = [one for one in records if one.flag("ChrgInclInd") and one.text("CdtDbtInd") != "CRDT"]
    if not records:  # version 02 has no records
        taken = [one for one in node.all("Chrgs") if one.flag("ChrgInclInd")]
    return sum(one.amount("Amt", currency) or 0 for one in taken)


def _read(node: Node, entry: Node, amount: int, currency: str, charges: int) -> Detail:
    references = list(dict.fromkeys(node.texts("RmtInf/Strd/CdtrRefInf/Ref")))
    said = [
        *node.texts("RmtInf/Ustrd"),
        *node.texts("RmtInf/Strd/AddtlRmtInf"),
        *(references if len(references) > 1 else ()),
        *node.texts("AddtlTxInf"),
    ]
    parties = NAMES if entry.is_credit() else PAYEES
    accounts = ("DbtrAcct/Id/IBAN",) if entry.is_credit() else ("CdtrAcct/Id/IBAN",)
    return Detail(
        amount=amount,
        charges=charges,
        reference=references[0].replace(" ", "")[:40] if len(references) == 1 else "",
        text=one_line(" ".join(said))[:MOST_TEXT],
        name=node.text(*(f"RltdPties/{path}" for path in parties)),
        name_iban=node.text(*(f"RltdPties/{path}" for path in accounts), most=34).replace(" ", ""),
        end_to_end=_unless_empty(node.text("Refs/EndToEndId", most=70)),
        bank_reference=node.text("Refs/AcctSvcrRef", most=70),
        instructed=_foreign(node, currency),
        return_reason=_returned(node),
    )


def _unless_empty(said: str) -> str:
    """Return the payer's own reference; banks write NOTPROVIDED where there is none."""
    return "" if said.upper() == "NOTPROVIDED" else said


def _foreign(node: Node, currency: str) -> str:
    for path in ORDERED:
        other = node.currency(path)
        if other and other != currency:
            return f"{other} {node.text(path)}"[:40]
    return ""


def _returned(node: Node) -> str:
    """Return why a payment came back, "" where it is none that did."""
    if node.first("RtrInf") is None:
        return ""
    said = [node.text("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"), *node.texts("RtrInf/AddtlInf")]
    return one_line(" ".join(said))[:140] or "RTRN"
