"""What is written as a file is read as what it was, and loaded a second time changes nothing (PRD-1)."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manager.kit.actor import Actor
from manager.kit.clock import now
from manager.kit.fields import PERIOD_MONTHS
from products.catalog.catalog_file import DEMONSTRATION, parse_catalog, read_catalog
from products.catalog.catalog_text import write_catalog
from products.catalog.differences import find_differences
from products.catalog.entries import LANGUAGES, FamilyEntry, OptionEntry, PlanEntry, PriceKey
from products.catalog.file_values import is_one_line
from products.catalog.journal import Stamp
from products.catalog.models import CatalogChange, Family, Option, Plan
from products.catalog.services import load_catalog
from products.catalog.services.store import store_differences
from products.catalog.snapshot import digest_of, read_database
from products.catalog.timeline import Span, Timeline

BEGIN = date(2024, 1, 1)
ON = date(2026, 6, 1)
STAMP = Stamp(Actor.system("test"), now())

words = st.from_regex(r"[a-z][a-z0-9-]{0,12}|[0-9]{1,4}|true|null|no|1e3", fullmatch=True)
lines = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() != "" and is_one_line(text))
texts = st.fixed_dictionaries(dict.fromkeys(LANGUAGES, lines))
days = st.integers(0, 900).map(lambda count: BEGIN + timedelta(days=count))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """One to three spans that do not overlap; the last one may hold until further notice."""
    marks = sorted(draw(st.lists(days, min_size=2, max_size=6, unique=True)))
    marks = marks[: len(marks) // 2 * 2]
    spans = [
        Span(draw(st.integers(0, 10**9)), first, last)
        for first, last in zip(marks[::2], marks[1::2], strict=True)
    ]
    if draw(st.booleans()):
        spans[-1] = spans[-1]._replace(until=None)
    return tuple(spans)


def prices(*purposes: str) -> st.SearchStrategy[dict[PriceKey, Timeline]]:
    """Prices for the purposes; a restore fee is for no period."""
    keys = st.builds(
        PriceKey, st.sampled_from(purposes), st.sampled_from(["CHF", "EUR"]), st.sampled_from(PERIOD_MONTHS)
    )
    right = keys.map(lambda key: key._replace(months=0) if key.purpose == "restore" else key)
    return st.dictionaries(right, timelines(), max_size=4)


switches = st.builds(
    OptionEntry,
    words,
    st.just("switch"),
    texts,
    texts | st.just({}),
    is_orderable=st.booleans(),
    prices=prices("renew"),
)
numbers = st.builds(
    OptionEntry,
    words,
    st.just("number"),
    texts,
    texts,
    unit_names=texts,
    included=st.integers(0, 50),
    minimum=st.integers(0, 50),
    maximum=st.integers(50, 1000),
    step=st.integers(1, 50),
    is_orderable=st.booleans(),
    prices=prices("renew"),
)
plans = st.builds(
    PlanEntry,
    words,
    words,
    words,
    texts,
    texts,
    features=st.lists(texts, max_size=2),
    needs_domain_name=st.booleans(),
    extension=st.sampled_from(["", ".ch", ".co.uk"]),
    grace_days=st.integers(0, 3650),
    redemption_days=st.integers(0, 3650),
    trial_months=st.integers(0, 60),
    cooling_off_days=st.integers(0, 3650),
    is_orderable=st.booleans(),
    options=st.lists(switches | numbers, max_size=2, unique_by=lambda option: option.slug),
    prices=prices("renew", "register", "restore"),
)


def fits(families: list[FamilyEntry]) -> bool:
    """Return whether short names and extensions are there once."""
    slugs = [plan.slug for family in families for plan in family.plans]
    sold = [
        plan.extension for family in families for plan in family.plans if plan.is_orderable and plan.extension
    ]
    return len(set(slugs)) == len(slugs) and len(set(sold)) == len(sold)


catalogues = st.lists(
    st.builds(FamilyEntry, words, words, texts, st.booleans(), st.lists(plans, max_size=2)),
    max_size=2,
    unique_by=lambda family: family.slug,
).filter(fits)


def empty() -> None:
    Option.objects.all().delete()
    Plan.objects.all().delete()
    Family.objects.all().delete()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(catalogues)
def test_what_is_written_is_read(families: list[FamilyEntry]) -> None:
    """PRD-1: whatever the texts, days and short names are; on whatever day it is read."""
    text = write_catalog(families)
    assert parse_catalog(text, on=date(1999, 1, 1)) == families
    assert write_catalog(parse_catalog(text, on=ON)) == text


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(catalogues, catalogues)
def test_the_database_gives_back_what_it_was_given(
    families: list[FamilyEntry], later: list[FamilyEntry]
) -> None:
    """PRD-1: an export into an empty catalogue is the same again, and imported once more nothing differs.

    Another file on top is followed as well: then that one makes no difference any more, and the past
    of every price is what it was.
    """
    empty()
    store_differences(find_differences([], families, ON), STAMP)
    stored = read_database()
    assert stored == families
    exported = parse_catalog(write_catalog(stored), on=ON + timedelta(days=9))
    assert find_differences(stored, exported, ON) == []
    kinds = {plan.slug: plan.kind for family in families for plan in family.plans}
    same = all(kinds.get(plan.slug, plan.kind) == plan.kind for family in later for plan in family.plans)
    if same and not any(plan.options for family in later for plan in family.plans):
        store_differences(find_differences(stored, later, ON), STAMP)
        assert find_differences(read_database(), later, ON) == []


def test_the_demonstration_is_a_file_as_the_export_writes_it() -> None:
    """PRD-1: to the byte, apart from the day on which its prices begin."""
    text = DEMONSTRATION.read_text(encoding="utf-8")
    assert write_catalog(read_catalog(DEMONSTRATION, on=ON), prices_from=False) == text
    load_catalog(path=DEMONSTRATION, on=ON)
    assert write_catalog(read_database(), prices_from=False) == text
    assert f"\nprices_from: {ON.isoformat()}\n" in write_catalog(read_database())


def test_a_load_that_changes_nothing_leaves_no_history() -> None:
    """PRD-1."""
    load_catalog(path=DEMONSTRATION, on=ON)
    before, digest = CatalogChange.objects.count(), digest_of(read_database())
    load_catalog(path=DEMONSTRATION, on=ON + timedelta(days=40))
    assert CatalogChange.objects.count() == before
    assert digest_of(read_database()) == digest
