"""The operator's companies, set up before anything is sold (BIL-5)."""

import io

import pytest
from django.core.management import CommandError, call_command

from billing.profiles.models import LegalEntity
from billing.profiles.selectors import NoSeller, default_entity
from tests.factories.billing import make_invoice, pay_invoice
from tests.factories.cast import make_tenant

SWISS = {
    "--name": "Manager Hosting AG",
    "--street": "Seestrasse 1",
    "--postal-code": "8002",
    "--city": "Zürich",
    "--country": "CH",
    "--vat-number": "che-116.281.710",
    "--number-prefix": "CH",
}
GERMAN = {
    **SWISS,
    "--name": "Manager GmbH",
    "--country": "DE",
    "--vat-number": "DE136695976",
    "--number-prefix": "DE",
}


def run(code: str | None = None, *flags: str, **words: str) -> str:
    out = io.StringIO()
    said = [part for name, value in words.items() for part in (name, value)]
    call_command("legal_entity", *([code] if code else []), *flags, *said, stdout=out)
    return out.getvalue()


def test_the_first_company_sells_until_another_one_does() -> None:
    """BIL-5: each with a series of its own; what is left out stays."""
    with pytest.raises(NoSeller):
        default_entity()
    told = run("ch", **SWISS)
    assert "ch: Manager Hosting AG, Seestrasse 1, 8002 Zürich, CH, CHE-116.281.710 MWST" in told
    assert "numbers CH-…, days of Europe/Zurich, sells" in told
    organization = make_tenant()
    first = pay_invoice(make_invoice(organization))
    run("de", "--default", **GERMAN)
    run("ch", **{"--street": "Seestrasse 2"})
    second = pay_invoice(make_invoice(organization))
    assert (str(first.number)[:3], str(second.number)[:3]) == ("CH-", "DE-")
    assert (first.seller["street"], second.seller["name"]) == ("Seestrasse 1", "Manager GmbH")
    assert "Seestrasse 2" in run()
    assert LegalEntity.objects.get(is_default=True).code == "de"


@pytest.mark.parametrize(
    ("code", "words", "why"),
    [
        ("it", {"--name": "Manager Srl"}, "street"),
        ("it", {**GERMAN, "--country": "XX"}, "country"),
        ("it", {**GERMAN, "--vat-number": "DE136695977"}, "VAT number"),
        ("it", {**GERMAN, "--number-prefix": "CH"}, "letters of its own"),
        ("it", {**GERMAN, "--time-zone": "Europe/Nowhere"}, "Nowhere"),
        ("it", {**GERMAN, "--time-zone": "../../etc"}, "etc"),
        ("ch", {"--number-prefix": "ZH"}, "letters of its own"),
        ("ch", {"--name": "x" * 200}, "name"),
    ],
    ids=["incomplete", "country", "number", "letters", "zone", "path", "letters in use", "too long"],
)
def test_says_what_is_wrong_and_writes_nothing(code: str, words: dict[str, str], why: str) -> None:
    """BIL-5: documents of two companies never bear the same number."""
    run("ch", **SWISS)
    pay_invoice(make_invoice(make_tenant()))
    before = run()
    with pytest.raises(CommandError, match=why):
        run(code, **words)
    assert run() == before
