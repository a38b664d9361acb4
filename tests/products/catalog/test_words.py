"""The catalogue that the panel ships uses the words of the panel (UI-4)."""

import re

from products.catalog.catalog_file import DEMONSTRATION, read_catalog

PROPER_NAMES = {"Domain Privacy", "DNS FastAnycast", "DynDNS", "Renewal Warranty"}


def test_german_says_domaene_as_the_pages_do() -> None:
    """PRD-1: a family that the menu calls «Web & Domänen» sells no domains under another word."""
    written = DEMONSTRATION.read_text().replace("Domain Privacy", "")
    german = re.findall(r'\bde: "([^"]*)"', written)
    assert any("Domänenname" in text for text in german)
    assert [text for text in german if re.search(r"domain", text, re.IGNORECASE)] == []


def test_options_with_a_proper_name_have_it_in_every_language() -> None:
    """PRD-12: it is looked for, and told in mails and the activity, by the one name."""
    names = [
        option.names
        for family in read_catalog(DEMONSTRATION)
        for plan in family.plans
        for option in plan.options
    ]
    found = [set(each.values()) for each in names if each["en"] in PROPER_NAMES]
    assert set().union(*found) == PROPER_NAMES
    assert [each for each in found if len(each) > 1] == []
