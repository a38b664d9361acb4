"""Domain names as people type them (PRD-3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.orders.domain_names import DomainNameInvalid, clean_domain_name

LABEL_63 = "a" * 63
LONGEST = ".".join([LABEL_63, LABEL_63, LABEL_63, "b" * 58, "ch"])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("example.ch", "example.ch"),
        ("  Example.CH. ", "example.ch"),
        ("a.b.c.example.com", "a.b.c.example.com"),
        ("bücher.ch", "bücher.ch"),
        ("BÜCHER.ch", "bücher.ch"),
        ("xn--bcher-kva.ch", "bücher.ch"),
        ("café.swiss", "café.swiss"),
        ("1und1.de", "1und1.de"),
        (LONGEST, LONGEST),
    ],
)
def test_brings_names_into_one_form(typed, name):
    """PRD-3: one name is written one way, however it was typed."""
    assert clean_domain_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ".",
        "example",
        ".ch",
        "example..ch",
        "-example.ch",
        "example-.ch",
        "exa mple.ch",
        "example.ch/path",
        "https://example.ch",
        "user@example.ch",
        "example_shop.ch",
        "192.168.0.1",
        "example.1",
        "a" * 64 + ".ch",
        "a" + LONGEST,
        "ü" * 70 + ".ch",
        "example.ch\x00",
        "exam\nple.ch",
        "<b>.ch",
        "example\u3002",
        "xn--\u00fc.ch",
        "xn--a.ch",
        "☃" * 300,
    ],
)
def test_refuses_what_is_none(typed):
    """PRD-3: with a message beside the field, never a failure of ours."""
    with pytest.raises(DomainNameInvalid):
        clean_domain_name(typed)


@given(st.text(max_size=300))
def test_answers_any_text_by_a_name_or_a_refusal(typed):
    """Invalid input is 4xx: no other exception, and a name given back is accepted as it is."""
    try:
        name = clean_domain_name(typed)
    except DomainNameInvalid:
        return
    assert clean_domain_name(name) == name
    assert len(name.encode("idna")) <= 253
