"""Names are compared as the database compares them."""

import unicodedata

import pytest
from django.db import connection

from manager.kit.names import lowered

LETTERS = [chr(code) for code in range(0x20, 0x2000) if unicodedata.category(chr(code)) != "Cn"]


@pytest.mark.django_db
def test_a_name_is_lowered_as_by_the_database() -> None:
    """UI-2: also where Python has two small letters, or another one at the end of a word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower(each) FROM unnest(%s::text[]) WITH ORDINALITY AS e (each, n) ORDER BY n", [LETTERS]
        )
        there = [small for (small,) in cursor.fetchall()]
    assert [lowered(letter) for letter in LETTERS] == there
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('İstanbul ΟΔΟΣ')")
        assert cursor.fetchone() == (lowered("İstanbul ΟΔΟΣ"),)
