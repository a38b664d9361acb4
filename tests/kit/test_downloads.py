"""Files to keep: each with the same headers (INC-31)."""

import pytest

from manager.kit.downloads import give_file, give_table
from manager.kit.spreadsheet import write_csv


def test_a_table_is_saved_under_its_name_and_kept_by_nobody_on_the_way() -> None:
    """SEC: private figures stay out of caches; the cells are those of `write_csv`."""
    table = write_csv(["Name"], [["=1+1"]])
    answer = give_table(table, name="orders")
    assert answer.content == table
    assert b"'=1+1" in answer.content
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="orders.csv"'
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("zürich.zone", "attachment; filename*=utf-8''z%C3%BCrich.zone"),
        ('a"b.pdf', 'attachment; filename="a\\"b.pdf"'),
    ],
)
def test_a_name_cannot_end_its_header(name: str, header: str) -> None:
    """Letters and signs of any kind are written as browsers read them."""
    assert give_file(b"x", name=name)["Content-Disposition"] == header
