"""An option in words, as invoices and pages name it."""

from products.catalog.models import Option, OptionKind
from products.catalog.pricing import label_of


def make_option(name: str, unit: str) -> Option:
    return Option(kind=OptionKind.NUMBER, names={"en": name}, unit_names={"en": unit})


class TestLabelOf:
    def test_counts_the_units(self) -> None:
        """PRD-14."""
        assert label_of(make_option("Storage", "GB"), 250) == "Storage (250 GB)"

    def test_does_not_say_the_unit_twice(self) -> None:
        """PRD-14: the name has it already, as a whole word."""
        assert label_of(make_option("Mail addresses", "addresses"), 12) == "Mail addresses (12)"
        assert label_of(make_option("E-Mail-Adressen", "Adressen"), 12) == "E-Mail-Adressen (12)"
        assert label_of(make_option("Throughput", "put"), 3) == "Throughput (3 put)"
