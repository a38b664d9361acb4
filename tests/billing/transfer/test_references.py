"""References of payments: written, read again, and refused with a wrong digit (BIL-17)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649
from stdnum.ch import esr

from billing.profiles.models import LegalEntity
from billing.transfer.models import SellerAccount
from billing.transfer.references import QRR, SCOR, Target, read_reference, write_reference
from manager.kit.ids import MAX_ID

ENTITY = LegalEntity(name="Manager Hosting AG", country="CH")
IBAN, QR_IBAN = "CH9300762011623852957", "CH4431999123000889012"
QR = SellerAccount(legal_entity=ENTITY, currency="CHF", iban=IBAN, qr_iban=QR_IBAN)
PLAIN = SellerAccount(legal_entity=ENTITY, currency="CHF", iban=IBAN)
EURO = SellerAccount(legal_entity=ENTITY, currency="EUR", iban=IBAN, qr_iban=QR_IBAN)
targets = st.builds(Target, st.sampled_from(["invoice", "top_up"]), st.integers(1, MAX_ID))
accounts = st.sampled_from([QR, PLAIN, EURO, None])


@given(target=targets, account=accounts, spaced=st.booleans(), lower=st.booleans())
def test_is_read_again_as_it_was_written(
    target: Target, account: SellerAccount | None, spaced: bool, lower: bool
) -> None:
    """BIL-17: spaces and small letters change nothing; both kinds hold their standard's check digits."""
    reference = write_reference(target, account=account)
    assert reference.printed.replace(" ", "") == reference.text
    assert reference.kind == (QRR if account is QR else SCOR)
    assert (esr if reference.kind == QRR else iso11649).is_valid(reference.text)
    text = reference.printed if spaced else reference.text
    assert read_reference(text.lower() if lower else text) == target


@given(target=targets, account=accounts, data=st.data())
def test_refuses_one_wrong_digit(target: Target, account: SellerAccount | None, data: st.DataObject) -> None:
    """BIL-17: whichever digit is wrong, the reference is none."""
    text = write_reference(target, account=account).text
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[place]]))
    assert read_reference(text[:place] + wrong + text[place + 1 :]) is None


@given(st.text(max_size=40) | st.from_regex(r"(RF)?[0-9]{0,27}", fullmatch=True))
def test_takes_any_text(text: str) -> None:
    """BIL-17: what a bank sends is never an error."""
    target = read_reference(text)
    assert target is None or 0 < target.id <= MAX_ID


@pytest.mark.parametrize(
    "text",
    ["", "RF", "RF18539007547034", "210000000003139471430009017", "١" * 27, "RF18 0"],
    ids=[
        "nothing",
        "no digits",
        "somebody's creditor reference",
        "somebody's QR reference",
        "other digits",
        "short",
    ],
)
def test_what_others_write_is_none_of_ours(text: str) -> None:
    """BIL-17: references of other senders are left to staff."""
    assert read_reference(text) is None


def test_is_written_in_groups() -> None:
    """BIL-17: as the standards print it."""
    reference = write_reference(Target("invoice", 4711), account=QR)
    assert reference.printed == "10 00000 00000 00000 00000 47110"
    assert write_reference(Target("top_up", 7), account=PLAIN).printed == "RF51 27"
