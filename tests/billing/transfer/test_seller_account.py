"""The operator's command for accounts and logos (BIL-17)."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from billing.documents.logo import read_logo
from billing.profiles.selectors import default_entity
from billing.transfer.selectors import get_seller_account, takes_transfers
from tests.factories.billing import make_legal_entity

IBAN, QR_IBAN = "CH9300762011623852957", "CH4431999123000889012"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("seller_account", *words, stdout=out)
    return out.getvalue()


def test_writes_lists_and_removes_an_account(tmp_path: Path) -> None:
    """BIL-17: one account for each company and currency; a second one takes its place."""
    make_legal_entity()
    told = run("ch", "CHF", "--iban", IBAN, "--qr-iban", QR_IBAN, "--bank", "Bank")
    assert f"CHF  {IBAN}, QR-IBAN {QR_IBAN}  Bank" in told
    run("ch", "CHF", "--iban", IBAN, "--bank", "Another bank", "--holder", "Holding AG")
    account = get_seller_account(legal_entity=default_entity(), currency="CHF")
    assert account is not None
    assert (account.bank_name, account.qr_iban, account.holder) == ("Another bank", "", "Holding AG")
    assert IBAN not in run("ch", "CHF", "--remove")
    assert not takes_transfers(legal_entity=default_entity(), currency="CHF")
    logo = tmp_path / "logo.png"
    Image.new("RGB", (300, 100)).save(logo)
    assert "with a logo" in run("ch", "--logo", str(logo))
    assert "with a logo" not in run("ch", "--remove-logo")
    assert read_logo(legal_entity=default_entity()) is None


@pytest.mark.parametrize(
    "words",
    [
        ("xx",),
        ("ch", "CHF"),
        ("ch", "CHF", "--iban", IBAN[:-1] + "8", "--bank", "B"),
        ("ch", "--logo", "/no"),
    ],
    ids=["no company", "no account", "wrong IBAN", "no file"],
)
def test_says_what_is_wrong(words: tuple[str, ...]) -> None:
    """BIL-17: nothing is written."""
    make_legal_entity()
    with pytest.raises(CommandError):
        run(*words)
