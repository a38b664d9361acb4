"""Records and zone files: what goes in comes out, whatever it is (PRD-2)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from products.modules.domain.names import NameInvalid, clean_owner
from products.modules.domain.records import Record, RecordInvalid, make_record
from products.modules.domain.rules import find_problems
from products.modules.domain.zonefile import compare, read_zone, write_zone

ORIGIN = "example.ch"
LABELS = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
OWNERS = st.one_of(st.just("@"), LABELS, st.builds("{}.{}".format, LABELS, LABELS), LABELS.map("*.{}".format))
HOSTS = st.builds("{}.{}.example".format, LABELS, LABELS)
NUMBERS = st.integers(0, 65_535)
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=600)
VALUES = st.one_of(
    st.tuples(st.just("A"), st.ip_addresses(v=4).map(str)),
    st.tuples(st.just("AAAA"), st.ip_addresses(v=6).map(str)),
    st.tuples(st.just("MX"), st.builds("{} {}".format, NUMBERS, HOSTS)),
    st.tuples(st.just("SRV"), st.builds("{} {} {} {}".format, NUMBERS, NUMBERS, NUMBERS, HOSTS)),
    st.tuples(st.just("CAA"), st.builds("0 issue {}".format, HOSTS)),
    st.tuples(st.just("TXT"), TEXTS),
)


def made(owner: str, kind: str, value: str, ttl: int) -> Record | None:
    name = f"_sip._tcp.{owner}".removesuffix(".@").replace("*.", "") if kind == "SRV" else owner
    try:
        return make_record(origin=ORIGIN, name=name, kind=kind, ttl=ttl, value=value)
    except RecordInvalid:
        return None


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(OWNERS, VALUES, st.integers(60, 604_800)), max_size=12))
def test_a_zone_file_round_trips(rows: list[tuple[str, tuple[str, str], int]]) -> None:
    """PRD-2: an exported zone read again has the same records, and a record typed again is the same."""
    found: dict[tuple[str, str, str], Record] = {}
    ttls: dict[tuple[str, str], int] = {}
    for owner, (kind, value), ttl in rows:
        record = made(owner, kind, value, ttl)
        if record is not None:
            shared = ttls.setdefault((record.name, kind), ttl)
            found[record.key] = Record(0, record.name, kind, shared, record.data)
    records = list(found.values())
    text = write_zone(
        origin=ORIGIN, records=records, serial=1, servers=["ns1.example.net", "ns2.example.net"]
    )
    reading = read_zone(text, origin=ORIGIN)
    assert not reading.problems
    assert not compare(records, reading.records)
    for record in records:
        again = make_record(
            origin=ORIGIN,
            name=record.name,
            kind=record.type,
            ttl=record.ttl,
            value=record.value,
            priority=record.priority,
        )
        assert again == record


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """PRD-2: no text of anybody's makes the import fail."""
    reading = read_zone(text, origin=ORIGIN)
    assert not find_problems(reading.records, origin=ORIGIN) or reading.problems


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("$GENERATE 1-1000000000 a$ A 192.0.2.1", "GENERATE"),
        ("$INCLUDE /etc/passwd", "INCLUDE"),
        ("www.other.example. A 192.0.2.1", "does not belong"),
        ("www CNAME @\nwww A 192.0.2.1", "stands alone"),
        ("@ CNAME other.example.", "cannot be an alias"),
        ("a 5 A 192.0.2.1", "TTL"),
        ("mail CNAME @\n@ MX 10 mail", "is an alias"),
        ("sub DS 1 13 2 " + "ab" * 32, "name servers (NS)"),
    ],
    ids=["generate", "include", "outside", "cname and a", "apex cname", "ttl", "mx to cname", "ds alone"],
)
def test_problems_of_a_file_are_told(text: str, word: str) -> None:
    """PRD-2: each problem in words; nothing is read from other files or made up by the million."""
    assert word in " ".join(str(problem) for problem in read_zone(text, origin=ORIGIN).problems)


def test_names_are_brought_into_one_form() -> None:
    """PRD-2: relative or whole, with accents or in punycode; others are refused."""
    names = {
        "": "@",
        "WWW": "www",
        "www.example.ch.": "www",
        "*.a": "*.a",
        "müller": "xn--mller-kva",
        "*": "*",
    }
    assert {text: clean_owner(text, origin=ORIGIN) for text in names} == names
    for wrong in ("a b", "-a", "a..b", "x" * 64, "a.*", "www.other.org.", "a\x00"):
        with pytest.raises(NameInvalid):
            clean_owner(wrong, origin=ORIGIN)
