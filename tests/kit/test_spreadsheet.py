"""Tables for spreadsheets (INC-31)."""

from datetime import date

import pytest

from manager.kit.spreadsheet import guard_cell, write_csv


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "\nx", "  =1", "＝1"])
def test_a_formula_becomes_text(text: str) -> None:
    """INC-31: prefixed with an apostrophe, whatever blanks stand before it."""
    assert guard_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, 0, date(2026, 1, 1), "plain", "a=b", ""])
def test_other_values_stay_what_they_are(value: object) -> None:
    """INC-31: numbers stay numbers, negative ones as well."""
    assert guard_cell(value) == value


def test_writes_utf_8_with_the_mark_that_spreadsheets_look_for() -> None:
    """UI-2."""
    assert (
        write_csv(["Name"], [["Zürich"], [None], [True]])
        == b'\xef\xbb\xbfName\r\nZ\xc3\xbcrich\r\n""\r\nyes\r\n'
    )
