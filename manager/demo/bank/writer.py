"""Write camt.053 and camt.054 as banks do, in the versions 02, 04 and 08."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

ROOTS = {"camt.053": ("BkToCstmrStmt", "Stmt"), "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One transaction as the bank tells of it; `amount` and `charges` in minor units."""

    amount: int
    reference: str = ""
    text: str = ""
    name: str = ""
    iban: str = ""
    end_to_end: str = "NOTPROVIDED"
    bank_reference: str = ""
    charges: int = 0
    instructed: tuple[str, str] | None = None
    return_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of the account: `transfers` are its transactions, none where the bank tells the sum alone."""

    amount: int
    on: date
    transfers: Sequence[Transfer] = ()
    is_credit: bool = True
    is_reversal: bool = False
    status: str = "BOOK"
    bank_reference: str = ""
    entry_reference: str = ""
    text: str = ""
    currency: str = ""
    charges: int = 0


def write_camt(
    lines: Sequence[Line],
    *,
    iban: str,
    currency: str = "CHF",
    kind: str = "camt.054",
    version: str = "04",
    message_id: str = "MSG-1",
) -> bytes:
    """Return the file of one account with its entries."""
    root, part = ROOTS[kind]
    entries = "".join(_entry(line, line.currency or currency, version) for line in lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{kind}.001.{version}"><{root}>'
        f"<GrpHdr><MsgId>{escape(message_id)}</MsgId><CreDtTm>2026-11-22T06:00:00</CreDtTm></GrpHdr>"
        f"<{part}><Id>{escape(message_id)}</Id><CreDtTm>2026-11-22T06:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>{entries}</{part}></{root}></Document>"
    ).encode()


def money(amount: int, currency: str, tag: str = "Amt") -> str:
    """Return an amount as XML writes it."""
    return f'<{tag} Ccy="{currency}">{amount // 100}.{amount % 100:02d}</{tag}>'


def _entry(line: Line, currency: str, version: str) -> str:
    status = f"<Sts><Cd>{line.status}</Cd></Sts>" if version == "08" else f"<Sts>{line.status}</Sts>"
    details = "".join(_details(one, line, currency, version) for one in line.transfers)
    return (
        f"<Ntry>{_tag('NtryRef', line.entry_reference)}{money(line.amount, currency)}"
        f"<CdtDbtInd>{'CRDT' if line.is_credit else 'DBIT'}</CdtDbtInd>"
        f"{'<RvslInd>true</RvslInd>' if line.is_reversal else ''}{status}"
        f"<BookgDt><Dt>{line.on}</Dt></BookgDt><ValDt><Dt>{line.on}</Dt></ValDt>"
        f"{_tag('AcctSvcrRef', line.bank_reference)}{_charges(line.charges, currency, version)}"
        f"{f'<NtryDtls>{details}</NtryDtls>' if details else ''}{_tag('AddtlNtryInf', line.text)}</Ntry>"
    )


def _details(one: Transfer, line: Line, currency: str, version: str) -> str:
    way = "CRDT" if line.is_credit else "DBIT"
    if version == "02":
        amount = f"<AmtDtls>{_instructed(one)}<TxAmt>{money(one.amount, currency)}</TxAmt></AmtDtls>"
    else:
        ordered = f"<AmtDtls>{_instructed(one)}</AmtDtls>" if one.instructed else ""
        amount = f"{money(one.amount, currency)}<CdtDbtInd>{way}</CdtDbtInd>{ordered}"
    refs = _tag("AcctSvcrRef", one.bank_reference) + _tag("EndToEndId", one.end_to_end)
    return (
        f"<TxDtls><Refs>{refs}</Refs>{amount}{_charges(one.charges, currency, version)}"
        f"{_parties(one, line, version)}{_remittance(one)}{_returned(one)}</TxDtls>"
    )


def _instructed(one: Transfer) -> str:
    if one.instructed is None:
        return ""
    currency, amount = one.instructed
    return f'<InstdAmt><Amt Ccy="{currency}">{amount}</Amt></InstdAmt>'


def _charges(charges: int, currency: str, version: str) -> str:
    if not charges:
        return ""
    said = f"{money(charges, currency)}<CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd>"
    return f"<Chrgs>{said}</Chrgs>" if version == "02" else f"<Chrgs><Rcrd>{said}</Rcrd></Chrgs>"


def _parties(one: Transfer, line: Line, version: str) -> str:
    if not one.name:
        return ""
    party = "Dbtr" if line.is_credit else "Cdtr"
    name = _tag("Nm", one.name)
    name = f"<Pty>{name}</Pty>" if version == "08" else name
    account = f"<{party}Acct><Id>{_tag('IBAN', one.iban)}</Id></{party}Acct>" if one.iban else ""
    return f"<RltdPties><{party}>{name}</{party}>{account}</RltdPties>"


def _remittance(one: Transfer) -> str:
    structured = ""
    if one.reference:
        kind = "<Cd>SCOR</Cd>" if one.reference.startswith("RF") else "<Prtry>QRR</Prtry>"
        structured = (
            f"<Strd><CdtrRefInf><Tp><CdOrPrtry>{kind}</CdOrPrtry></Tp>"
            f"{_tag('Ref', one.reference)}</CdtrRefInf></Strd>"
        )
    said = _tag("Ustrd", one.text) + structured
    return f"<RmtInf>{said}</RmtInf>" if said else ""


def _returned(one: Transfer) -> str:
    return f"<RtrInf><Rsn><Cd>{escape(one.return_reason)}</Cd></Rsn></RtrInf>" if one.return_reason else ""


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
