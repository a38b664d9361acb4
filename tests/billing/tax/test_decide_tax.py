"""Which VAT applies (BIL-6)."""

from datetime import date

import pytest

from billing.profiles.party import Party
from billing.profiles.vat import EUROPEAN_UNION, RATED
from billing.tax.decision import (
    DOMESTIC,
    EU_DESTINATION,
    EU_ORIGIN,
    EXPORT,
    REVERSE_CHARGE,
    decide_tax,
)
from billing.tax.load import read_rates
from billing.tax.models import Scheme, TaxRate
from billing.tax.selectors import RateMissing, get_rate

TODAY = date(2026, 11, 22)
GERMAN_NUMBER = "DE136695976"


def buyer(country: str, *, kind: str = "company", postal_code: str = "1000", **fields: str) -> Party:
    return Party(
        name="Buyer",
        kind=kind,
        street="Street 1",
        postal_code=postal_code,
        city="City",
        country=country,
        **fields,
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


@pytest.mark.parametrize(
    ("country", "postal_code", "code", "rate"),
    [
        ("GB", "BT1 5GS", EXPORT, 0),
        ("IM", "IM1 1AA", EXPORT, 0),
        ("ES", "35001", EXPORT, 0),
        ("ES", "38001", EXPORT, 0),
        ("ES", "51001", EXPORT, 0),
        ("ES", "28001", EU_DESTINATION, 2100),
        ("MC", "98000", EU_DESTINATION, 2000),
        ("FR", "98000", EU_DESTINATION, 2000),
        ("FR", "97400", EXPORT, 0),
        ("RE", "97400", EXPORT, 0),
        ("AX", "22100", EXPORT, 0),
        ("FI", "22100", EXPORT, 0),
        ("FI", "00100", EU_DESTINATION, 2550),
        ("IT", "22061", EXPORT, 0),
        ("CH", "6911", EXPORT, 0),
        ("IT", "23041", EXPORT, 0),
        ("DE", "78266", DOMESTIC, 810),
        ("DE", "27498", EXPORT, 0),
        ("DE", "78262", EU_DESTINATION, 1900),
        ("GR", "63086", EXPORT, 0),
        ("PT", "9000-123", EU_DESTINATION, 2200),
        ("PT", "9500-321", EU_DESTINATION, 1600),
        ("PT", "1000-001", EU_DESTINATION, 2300),
        ("AT", "6991", EU_DESTINATION, 1900),
        ("AT", "6700", EU_DESTINATION, 2000),
    ],
)
def test_knows_the_territories(country: str, postal_code: str, code: str, rate: int) -> None:
    """BIL-6: where a service on the internet is taxed, told by the postal code where the country does not."""
    decision = decide_tax(
        buyer=buyer(country, kind="private", postal_code=postal_code), seller_country="CH", on=TODAY
    )
    assert (decision.code, decision.rate) == (code, rate)


@pytest.mark.parametrize(
    ("state", "code", "check"),
    [
        ("", REVERSE_CHARGE, "form"),
        ("waiting", REVERSE_CHARGE, "form"),
        ("unavailable", REVERSE_CHARGE, "form"),
        ("valid", REVERSE_CHARGE, "register"),
        ("not_valid", EU_DESTINATION, "not_registered"),
    ],
)
def test_believes_the_register_more_than_the_form(state: str, code: str, check: str) -> None:
    """BIL-6: no register that is down stops a sale, one that says no puts VAT on it."""
    asked = buyer(
        "DE", vat_number=GERMAN_NUMBER, vat_state=state, vat_answered_at="2026-11-01", vat_reference="W1"
    )
    decision = decide_tax(buyer=asked, seller_country="CH", on=TODAY)
    assert (decision.code, decision.evidence["vat_number_check"]) == (code, check)
    assert ("vat_reference" in decision.evidence) == (check in {"register", "not_registered"})


@pytest.mark.parametrize(
    ("seller", "customer", "vat_number", "code", "rate"),
    [
        ("DE", "FR", "", EU_ORIGIN, 1900),
        ("DE", "FR", "FR83404833048", REVERSE_CHARGE, 0),
        ("DE", "CH", "", EXPORT, 0),
        ("CH", "FR", "", EU_DESTINATION, 2000),
    ],
)
def test_takes_the_home_rate_below_the_threshold(
    seller: str, customer: str, vat_number: str, code: str, rate: int
) -> None:
    """BIL-6: for a seller in the Union and its consumers in other members alone."""
    decision = decide_tax(
        buyer=buyer(customer, vat_number=vat_number), seller_country=seller, on=TODAY, scheme=Scheme.HOME_RATE
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
        "place": "DE",
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
    known = set(TaxRate.objects.filter(valid_until=None).values_list("country", flat=True))
    assert known == EUROPEAN_UNION | {"CH"} | RATED


def test_closes_a_rate_the_day_before_the_next() -> None:
    """BIL-6."""
    rows = read_rates('XX:\n  2020-01-01: "7.7"\n  2024-01-01: "8.1"\n')
    assert rows == [
        {"country": "XX", "valid_from": date(2020, 1, 1), "valid_until": date(2023, 12, 31), "rate": 770},
        {"country": "XX", "valid_from": date(2024, 1, 1), "valid_until": None, "rate": 810},
    ]
