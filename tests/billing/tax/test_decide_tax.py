"""Which VAT applies (BIL-6)."""

from datetime import date

import pytest

from billing.profiles.party import Party
from billing.tax.decision import DOMESTIC, EU_DESTINATION, EXPORT, REVERSE_CHARGE, decide_tax
from billing.tax.load import read_rates
from billing.tax.models import TaxRate
from billing.tax.selectors import RateMissing, get_rate

TODAY = date(2026, 11, 22)
GERMAN_NUMBER = "DE136695976"


def buyer(country: str, *, kind: str = "company", vat_number: str = "") -> Party:
    return Party(
        name="Buyer",
        kind=kind,
        street="Street 1",
        postal_code="1000",
        city="City",
        country=country,
        vat_number=vat_number,
    )


@pytest.mark.parametrize(
    ("country", "kind", "vat_number", "code", "rate"),
    [
        ("CH", "company", "", DOMESTIC, 810),
        ("CH", "private", "", DOMESTIC, 810),
        ("CH", "company", "CHE116281710MWST", DOMESTIC, 810),
        ("LI", "private", "", DOMESTIC, 810),
        ("DE", "private", "", EU_DESTINATION, 1900),
        ("DE", "company", "", EU_DESTINATION, 1900),
        ("DE", "company", GERMAN_NUMBER, REVERSE_CHARGE, 0),
        ("DE", "company", "de 136 695 976", REVERSE_CHARGE, 0),
        ("DE", "company", "136695976", REVERSE_CHARGE, 0),
        ("DE", "company", "DE136695977", EU_DESTINATION, 1900),
        ("DE", "private", GERMAN_NUMBER, EU_DESTINATION, 1900),
        ("FR", "company", GERMAN_NUMBER, EU_DESTINATION, 2000),
        ("MC", "private", "", EU_DESTINATION, 2000),
        ("GR", "private", "", EU_DESTINATION, 2400),
        ("GR", "company", "EL094014201", REVERSE_CHARGE, 0),
        ("FI", "private", "", EU_DESTINATION, 2550),
        ("US", "company", "", EXPORT, 0),
        ("GB", "private", "", EXPORT, 0),
        ("NO", "company", "", EXPORT, 0),
    ],
)
def test_decides_for_a_swiss_seller(country: str, kind: str, vat_number: str, code: str, rate: int) -> None:
    """BIL-6: by the customer's country, kind and valid number."""
    decision = decide_tax(
        buyer=buyer(country, kind=kind, vat_number=vat_number), seller_country="CH", on=TODAY
    )
    assert (decision.code, decision.rate) == (code, rate)


def test_charges_its_own_rate_at_home_in_the_union() -> None:
    """BIL-6: reverse charge is for other countries."""
    decision = decide_tax(buyer=buyer("DE", vat_number=GERMAN_NUMBER), seller_country="DE", on=TODAY)
    assert (decision.code, decision.rate) == (DOMESTIC, 1900)


def test_exports_from_the_union_to_switzerland() -> None:
    """BIL-6."""
    decision = decide_tax(buyer=buyer("CH"), seller_country="DE", on=TODAY)
    assert (decision.code, decision.rate) == (EXPORT, 0)


def test_keeps_the_evidence() -> None:
    """BIL-6: the number, how it was checked, when, and both countries."""
    decision = decide_tax(buyer=buyer("DE", vat_number="DE 136 695 976"), seller_country="CH", on=TODAY)
    assert decision.evidence == {
        "on": "2026-11-22",
        "seller_country": "CH",
        "buyer_country": "DE",
        "buyer_kind": "company",
        "vat_number": GERMAN_NUMBER,
        "vat_number_check": "form",
    }


@pytest.mark.parametrize(
    ("country", "on", "rate"),
    [
        ("CH", date(2023, 12, 31), 770),
        ("CH", date(2024, 1, 1), 810),
        ("EE", date(2025, 6, 30), 2200),
        ("EE", date(2025, 7, 1), 2400),
        ("SK", date(2024, 12, 31), 2000),
        ("SK", date(2025, 1, 1), 2300),
        ("FI", date(2024, 8, 31), 2400),
    ],
)
def test_takes_the_rate_of_the_day(country: str, on: date, rate: int) -> None:
    """BIL-6: a change of rate begins with its day."""
    assert get_rate(country=country, on=on) == rate


def test_refuses_to_guess_a_rate() -> None:
    """BIL-6: no rate is better than a wrong one."""
    with pytest.raises(RateMissing):
        get_rate(country="CH", on=date(2000, 1, 1))


def test_knows_a_rate_of_every_country_of_the_union() -> None:
    """BIL-6."""
    from billing.profiles.vat import EUROPEAN_UNION

    known = set(TaxRate.objects.filter(valid_until=None).values_list("country", flat=True))
    assert known == EUROPEAN_UNION | {"CH"}


def test_closes_a_rate_the_day_before_the_next() -> None:
    """BIL-6."""
    rows = read_rates('XX:\n  2020-01-01: "7.7"\n  2024-01-01: "8.1"\n')
    assert rows == [
        {"country": "XX", "valid_from": date(2020, 1, 1), "valid_until": date(2023, 12, 31), "rate": 770},
        {"country": "XX", "valid_from": date(2024, 1, 1), "valid_until": None, "rate": 810},
    ]
