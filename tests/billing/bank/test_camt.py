"""What is read of camt.053 and camt.054, and what is refused (BIL-17)."""

from datetime import date

import pytest

from billing.bank.camt import FileEmpty, FileTooLarge, StatementInvalid, VersionUnknown, read_camt
from manager.demo.bank.writer import Line, Transfer, write_camt

IBAN = "CH9300762011623852957"
DAY = date(2026, 11, 20)
PAID = Transfer(
    amount=10_810,
    reference="RF18539007547034",
    text="Invoice 7",
    name="Müller & Söhne <AG>",
    iban="CH5604835012345678009",
    end_to_end="E2E-1",
    bank_reference="BANK-1",
    instructed=("USD", "125.00"),
)


def file_of(*lines, **fields):
    return write_camt(lines, **{"iban": IBAN, **fields})


def one(amount=10_810, transfers=(PAID,), **fields):
    return Line(amount=amount, on=DAY, transfers=transfers, **fields)


@pytest.mark.parametrize("version", ["02", "04", "08"])
@pytest.mark.parametrize("kind", ["camt.053", "camt.054"])
def test_every_version_says_the_same(kind, version):
    """BIL-17: also names, accounts, foreign sums and texts with markup."""
    file = read_camt(file_of(one(bank_reference="ENTRY-1"), one(status="PDNG"), kind=kind, version=version))
    assert (file.kind, file.version, file.accounts) == (kind, version, (IBAN,))
    booked, announced = file.bookings
    assert (booked.amount, booked.currency, booked.is_credit, booked.booked_on) == (10_810, "CHF", True, DAY)
    assert (booked.is_booked, announced.is_booked) == (True, False)
    detail = booked.details[0]
    assert (detail.amount, detail.reference, detail.text) == (10_810, "RF18539007547034", "Invoice 7")
    assert (detail.name, detail.name_iban) == ("Müller & Söhne <AG>", "CH5604835012345678009")
    assert (detail.end_to_end, detail.bank_reference, detail.instructed) == ("E2E-1", "BANK-1", "USD 125.00")


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_a_batch_is_read_by_its_transactions(version):
    """BIL-17: they add up, also with charges; where they do not, the sum waits."""
    parts = (Transfer(amount=3_000), Transfer(amount=2_000))
    charged = one(4_950, parts, charges=50)
    apart = one(4_800, (Transfer(amount=3_000, charges=120), Transfer(amount=2_000, charges=80)))
    wrong = one(6_000, parts)
    whole, less, each, none = read_camt(
        file_of(one(5_000, parts), charged, apart, wrong, version=version)
    ).bookings
    assert [part.amount for part in whole.details] == [3_000, 2_000]
    assert [(part.amount, part.charges) for part in less.details] == [(2_950, 50), (2_000, 0)]
    assert [(part.amount, part.charges) for part in each.details] == [(2_880, 120), (1_920, 80)]
    assert none.details == ()


def test_several_references_of_one_payment_are_for_people():
    """BIL-17: which one would get the money is not guessed."""
    first = b"<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>"
    second = first.replace(b"RF18539007547034", b"RF40000000000X")
    content = file_of(one()).replace(b"</RmtInf>", second + b"</RmtInf>")
    detail = read_camt(content).bookings[0].details[0]
    assert detail.reference == ""
    assert "RF18539007547034" in detail.text


def test_reversals_returns_and_debits_are_told_apart():
    """BIL-17."""
    back = Transfer(amount=500, return_reason="AC04")
    debit, reversal, returned = read_camt(
        file_of(one(is_credit=False), one(is_credit=False, is_reversal=True), one(500, (back,)))
    ).bookings
    assert (debit.is_credit, debit.is_reversal) == (False, False)
    assert (reversal.is_credit, reversal.is_reversal) == (False, True)
    assert returned.details[0].return_reason == "AC04"


GOOD = file_of(one())
BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + GOOD.partition(
    b"?>"
)[2].replace(b"Invoice 7", b"&c;")
EXTERNAL = b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + GOOD.partition(b"?>")[2].replace(
    b"Invoice 7", b"&a;"
)
REFUSED = {
    "nothing": (b"  \n", FileEmpty),
    "too large": (b"<" + b" " * 10 * 1024 * 1024, FileTooLarge),
    "no xml": (b"PK\x03\x04 a zip", StatementInvalid),
    "cut off": (GOOD[: len(GOOD) // 2], StatementInvalid),
    "wrong encoding": (GOOD.replace("Müller".encode(), b"M\xfcller"), StatementInvalid),
    "unknown encoding": (GOOD.replace(b"UTF-8", b"x-none"), StatementInvalid),
    "null": (GOOD.replace(b"Invoice 7", b"\x00"), StatementInvalid),
    "bomb": (BOMB, StatementInvalid),
    "external entity": (EXTERNAL, StatementInvalid),
    "external type": (
        b'<!DOCTYPE b SYSTEM "http://127.0.0.1:9/x.dtd">' + GOOD.partition(b"?>")[2],
        StatementInvalid,
    ),
    "another message": (GOOD.replace(b"camt.054", b"camt.052"), VersionUnknown),
    "another version": (GOOD.replace(b"001.04", b"001.06"), VersionUnknown),
    "another namespace": (GOOD.replace(b"urn:iso", b"urn:other"), VersionUnknown),
    "a page": (b"<html><body>Sign in</body></html>", VersionUnknown),
    "no statement": (GOOD.replace(b"Ntfctn>", b"Other>"), StatementInvalid),
    "no account": (GOOD.replace(b"<IBAN>" + IBAN.encode() + b"</IBAN>", b""), StatementInvalid),
    "no state": (GOOD.replace(b"BOOK", b""), StatementInvalid),
    "no direction": (GOOD.replace(b"CRDT", b"", 1), StatementInvalid),
    "no date": (GOOD.replace(str(DAY).encode(), b""), StatementInvalid),
    "a strange date": (GOOD.replace(str(DAY).encode(), b"2026-02-31"), StatementInvalid),
    "a negative amount": (GOOD.replace(b">108.10<", b">-108.10<"), StatementInvalid),
    "parts of a cent": (GOOD.replace(b">108.10<", b">108.105<"), StatementInvalid),
    "a huge amount": (GOOD.replace(b">108.10<", b">" + b"9" * 30 + b"<"), StatementInvalid),
    "words for an amount": (GOOD.replace(b">108.10<", b">NaN<"), StatementInvalid),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_no_statement_is_refused(name):
    """BIL-17: with a reason, and never an error of ours."""
    content, error = REFUSED[name]
    with pytest.raises(error) as refused:
        read_camt(content)
    assert str(refused.value)


def test_deep_and_wide_files_end():
    """BIL-17: neither the stack nor the time of a worker is anybody's to use up."""
    deep = GOOD.replace(b"Invoice 7", b"<a>" * 20_000 + b"</a>" * 20_000)
    assert read_camt(deep).bookings[0].amount == 10_810
