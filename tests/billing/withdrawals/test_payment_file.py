"""The bank's file holds what pain.001.001.09 and SEPA ask for: elements, order, lengths, letters (BIL-7).

The table is ours: for each element its children in the order in which they stand, which of them must be
there, and what a text may be, as the implementation guidelines of SIX and the EPC say it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import iban as ibans

from billing.profiles.models import LegalEntity
from billing.transfer.models import SellerAccount
from billing.withdrawals.files import NAMESPACE, payment_orders
from billing.withdrawals.models import PayoutBatch, PayoutMeans, Withdrawal
from organizations.profile.models import Organization
from tests.factories.billing import AT, make_legal_entity

LETTERS = r"[A-Za-z0-9/\-?:().,'+ ]"
ONE, MAYBE, MANY = "1", "?", "+"

CHILDREN = {
    "Document": "CstmrCdtTrfInitn",
    "CstmrCdtTrfInitn": "GrpHdr PmtInf+",
    "GrpHdr": "MsgId CreDtTm NbOfTxs CtrlSum? InitgPty",
    "InitgPty": "Nm",
    "PmtInf": "PmtInfId PmtMtd BtchBookg? NbOfTxs? CtrlSum? PmtTpInf? ReqdExctnDt Dbtr DbtrAcct DbtrAgt"
    " ChrgBr? CdtTrfTxInf+",
    "PmtTpInf": "SvcLvl",
    "SvcLvl": "Cd",
    "ReqdExctnDt": "Dt",
    "Dbtr": "Nm",
    "DbtrAcct": "Id",
    "DbtrAcct/Id": "IBAN",
    "DbtrAgt": "FinInstnId",
    "FinInstnId": "BICFI? Othr?",
    "Othr": "Id",
    "CdtTrfTxInf": "PmtId Amt Cdtr CdtrAcct RmtInf?",
    "PmtId": "InstrId? EndToEndId",
    "Amt": "InstdAmt",
    "Cdtr": "Nm",
    "CdtrAcct": "Id",
    "CdtrAcct/Id": "IBAN",
    "RmtInf": "Ustrd",
}
TEXTS = {
    "MsgId": rf"(?!/)(?!.*//){LETTERS}{{1,35}}(?<!/)",
    "PmtInfId": rf"(?!/)(?!.*//){LETTERS}{{1,35}}(?<!/)",
    "InstrId": rf"(?!/)(?!.*//){LETTERS}{{1,35}}(?<!/)",
    "EndToEndId": rf"(?!/)(?!.*//){LETTERS}{{1,35}}(?<!/)",
    "CreDtTm": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "Dt": r"\d{4}-\d\d-\d\d",
    "NbOfTxs": r"[1-9]\d{0,14}",
    "CtrlSum": r"\d{1,15}\.\d\d",
    "InstdAmt": r"\d{1,9}\.\d\d",
    "Nm": rf"(?=\S){LETTERS}{{1,70}}(?<=\S)",
    "Ustrd": rf"(?=\S){LETTERS}{{1,140}}(?<=\S)",
    "IBAN": r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}",
    "BICFI": r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?",
    "Othr/Id": "NOTPROVIDED",
    "PmtMtd": "TRF",
    "BtchBookg": "true|false",
    "SvcLvl/Cd": "SEPA",
    "ChrgBr": "SLEV",
}


def find_faults(content: bytes) -> list[str]:
    """Return what of a file is not as the table says."""
    root = ET.fromstring(content)
    return [*_walk(root, "Document"), *_sums(root)]


def _walk(node: ET.Element, parent: str) -> Iterator[str]:
    name = node.tag.removeprefix(f"{{{NAMESPACE}}}")
    path = f"{parent}/{name}"
    expected = CHILDREN.get(path, CHILDREN.get(name))
    text = (node.text or "").strip() if expected else node.text or ""
    if expected is None or path in TEXTS:
        rule = TEXTS.get(path) or TEXTS.get(name)
        if rule is None:
            yield f"{path} is not known"
        elif re.fullmatch(rule, text) is None:
            yield f"{path} says {text!r}"
        elif name == "IBAN" and not ibans.is_valid(text):
            yield f"{path} is wrong"
    else:
        children = " ".join(child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in node) + " "
        parts = (re.fullmatch(r"(\w+)([?+]?)", part) for part in expected.split())
        pattern = "".join(f"({part[1]} ){part[2]}" for part in parts if part)
        if text or re.fullmatch(pattern, children) is None:
            yield f"{path} holds {children}{text}"
    if set(node.attrib) != ({"Ccy"} if name == "InstdAmt" else set()):
        yield f"{path} has {node.attrib}"
    for child in node:
        yield from _walk(child, name)


def _sums(root: ET.Element) -> Iterator[str]:
    spaces = {"p": NAMESPACE}
    amounts = [one.text or "" for one in root.findall(".//p:InstdAmt", spaces)]
    names = [one.text for one in root.findall(".//p:EndToEndId", spaces)]
    if len(set(names)) != len(names):
        yield "an order is there twice"
    for told in root.findall(".//p:NbOfTxs", spaces):
        if told.text != str(len(amounts)):
            yield f"NbOfTxs {told.text}"
    total = sum(int(amount.replace(".", "")) for amount in amounts)
    for told in root.findall(".//p:CtrlSum", spaces):
        if int((told.text or "").replace(".", "")) != total:
            yield f"CtrlSum {told.text}"


def write(
    currency: str,
    holders: list[tuple[str, int]],
    *,
    seller: str = "Manager SA",
    bic: str = "",
    at: datetime = AT,
) -> bytes:
    batch = PayoutBatch(pk=2**62, means=PayoutMeans.IBAN, currency=currency, made_at=at)
    organization = Organization(name="Ölmühle & Söhne – “Zürich” " * 9)
    account = SellerAccount.objects.using("owner").filter(currency=currency)
    account.update(bic=bic)
    LegalEntity.objects.using("owner").update(name=seller)
    rows = [
        Withdrawal(
            pk=2**62 + number,
            organization=organization,
            currency=currency,
            amount=amount,
            holder=holder,
            iban="CH9300762011623852957",
        )
        for number, (holder, amount) in enumerate(holders)
    ]
    return payment_orders(batch=batch, withdrawals=rows)


@pytest.fixture
def accounts() -> None:
    entity = make_legal_entity()
    for currency, iban in (("CHF", "CH56 0483 5012 3456 7800 9"), ("EUR", "DE89 3704 0044 0532 0130 00")):
        SellerAccount.objects.using("owner").create(
            legal_entity=entity, currency=currency, iban=iban, bank_name="Bank"
        )


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    currency=st.sampled_from(["CHF", "EUR"]),
    holders=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=70),
            st.integers(1, 99_999_999_999),
        ),
        min_size=1,
        max_size=4,
    ),
    seller=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200),
    bic=st.sampled_from(["", "CRESCHZZ80A", "DEUTDEFF"]),
)
def test_each_file_is_as_banks_ask(
    accounts: None, currency: str, holders: list[tuple[str, int]], seller: str, bic: str
) -> None:
    """BIL-7: whatever people and companies are called, in francs and in euros, with a BIC and without."""
    assert find_faults(write(currency, holders, seller=seller, bic=bic)) == []


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("<MsgId>", "<Msg>"),
        ("<PmtMtd>TRF</PmtMtd>", ""),
        ("<Nm>Zoe</Nm>", "<Nm>Zoé</Nm>"),
        ("<Nm>Zoe</Nm>", f"<Nm>{'Z' * 71}</Nm>"),
        ("<Nm>Zoe</Nm>", "<Nm></Nm>"),
        ("SLEV", "SHAR"),
        ("12.34</InstdAmt>", "12.345</InstdAmt>"),
        ("12.34</CtrlSum>", "12.35</CtrlSum>"),
        ('Ccy="EUR"', 'Cur="EUR"'),
        ("CH9300762011623852957", "CH9300762011623852958"),
        ("<BtchBookg>true</BtchBookg>", "<ChrgBr>SLEV</ChrgBr>"),
    ],
)
def test_the_table_finds_what_is_wrong(accounts: None, name: str, broken: str) -> None:
    """BIL-7: a file that is changed in one place is not as the table says."""
    content = write("EUR", [("Zoe", 1234)]).decode()
    assert find_faults(content.encode()) == []
    assert name in content
    closing = name.replace("<", "</") if name.endswith(">") and "</" not in name else None
    changed = content.replace(name, broken)
    if closing is not None:
        changed = changed.replace(closing, broken.replace("<", "</"))
    assert find_faults(changed.encode())


def test_the_day_is_that_of_the_company(accounts: None) -> None:
    """BIL-7: a file that is made after midnight in Zurich asks for that day, not for the one that is over."""
    content = write("CHF", [("Zoe", 1234)], at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC)).decode()
    assert "<Dt>2026-11-23</Dt>" in content
