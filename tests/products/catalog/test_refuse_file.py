"""A file that is no catalogue is refused with its line, its place and the reason (PRD-1)."""

from datetime import date

import pytest

from products.catalog.catalog_file import CatalogInvalid, parse_catalog

ON = date(2026, 1, 1)
NAMES = '{en: "A", fr: "B", de: "C", it: "D", es: "E"}'
FILE = f"""\
families:
  - slug: web
    icon: globe
    names: {NAMES}
    plans:
      - slug: hosting
        kind: hosting
        icon: server
        names: {NAMES}
        features:
          - {NAMES}
          - {NAMES}
        grace_days: 30
        options:
          - slug: storage
            kind: number
            names: {NAMES}
            unit_names: {NAMES}
            maximum: 10
            prices:
              CHF: {{1: 100}}
        prices:
          CHF: {{1: 690, 12: 6900}}
          EUR:
            1: 660
            12: [{{amount: 6600, from: 2026-01-01, until: 2026-01-31}}, {{amount: 7000, from: 2026-02-01}}]
      - slug: domain
        kind: domain
        icon: globe
        names: {NAMES}
        extension: ".ch"
        prices: {{}}
"""
CASES = {
    "no YAML": ("    plans:", "\tplans:", "Line 5: this is no YAML"),
    "a value that is not of its kind": (
        "grace_days: 30",
        "grace_days: !!bool 30",
        "Line 13: this is no YAML",
    ),
    "a number without digits": ("maximum: 10", "maximum: !!int ''", "Line 19: this is no YAML"),
    "a day that no calendar has": ("from: 2026-02-01", "from: 2026-02-31", "Line 26: this is no YAML"),
    "a word that is no moment": ("from: 2026-02-01", "from: !!timestamp x", "Line 26: this is no YAML"),
    "a number that nobody writes out": (
        "slug: domain",
        f"slug: 0x{'f' * 5000}",
        "Line 27: this is no YAML (a number is too long",
    ),
    "a key twice": (
        "    icon: globe\n    names",
        "    slug: x\n    names",
        "Line 3: this is no YAML ('slug'",
    ),
    "a name that means nothing": ("grace_days", "grace_dais", "Line 13, web: “grace_dais”"),
    "a text that is missing": (
        "        features:\n          - {en",
        "        features:\n          - {e",
        "Line 11",
    ),
    "a short name with a blank": (
        "slug: storage",
        "slug: more storage",
        "Line 15, hosting options slug: “more",
    ),
    "no short name": (
        "      - slug: domain\n        kind",
        "      - kind",
        "Line 27, web: “slug” is missing",
    ),
    "an amount that is none": ("12: 6900", "12: 69.00", "Line 23, hosting CHF 12: “69.0” is no amount"),
    "an amount below nothing": ("1: 660", "1: -1", "Line 25, hosting EUR 1: “-1” is no amount"),
    "a period that is not sold": ("1: 660", "7: 660", "Line 25, hosting EUR: “7” is none of the periods"),
    "a currency that is not sold in": ("EUR:", "USD:", "Line 24, hosting: “USD” is none of the currencies"),
    "days that overlap": ("until: 2026-01-31", "until: 2026-02-28", "Line 26, hosting EUR 12: one price"),
    "a day that is none": ("until: 2026-01-31", "until: soon", "Line 26, hosting EUR 12: “from”"),
    "too many days": ("grace_days: 30", "grace_days: 9999", "Line 13, hosting grace_days: “9999”"),
    "an unknown kind of option": ("kind: number", "kind: numbre", "Line 16, hosting storage kind: “numbre”"),
    "a maximum below the minimum": (
        "maximum: 10",
        "maximum: 10\n            minimum: 11",
        "Line 19, hosting",
    ),
    "an extension without a dot": ('".ch"', '"ch"', "Line 31, domain extension: “ch” is no extension"),
    "plans by another name": ("    plans:\n", "    plans: none\n    more:\n", "Line 6, families: “more”"),
    "no prices": ("        prices: {}\n", "", "Line 27, domain: “prices” is missing"),
    "a plan twice": (
        "slug: domain",
        "slug: hosting",
        "Line 27: “hosting” is there twice, the first time in line 6",
    ),
    "prices that are a number": ("prices: {}", "prices: 690", "Line 32, domain: names with values"),
}


def test_the_file_itself_is_right() -> None:
    """PRD-1: what the cases below change is the only thing that is wrong with them."""
    assert [family.slug for family in parse_catalog(FILE, on=ON)] == ["web"]


@pytest.mark.parametrize("case", CASES)
def test_says_line_place_and_reason(case: str) -> None:
    """PRD-1: who keeps the file finds the line without counting."""
    old, new, told = CASES[case]
    text = FILE.replace(old, new, 1)
    assert text != FILE
    with pytest.raises(CatalogInvalid) as refused:
        parse_catalog(text, on=ON)
    said = str(refused.value)
    assert said.startswith(told), said
