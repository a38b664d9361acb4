"""Tags and filters of the components."""

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory

from manager.kit.money import Money
from manager.shell.templatetags.ui import html_attrs, icon, initials, money, single_stop

HOSTILE = '"x" onfocus="alert(1)"'


class TestHtmlAttrs:
    """html_attrs, and the components that print their attributes with it."""

    def test_escapes_values(self) -> None:
        """A value can never end its attribute."""
        assert html_attrs({"value": HOSTILE}) == ' value="&quot;x&quot; onfocus=&quot;alert(1)&quot;"'

    def test_prints_true_bare_and_leaves_out_false_none_and_class(self) -> None:
        """Booleans are attributes without a value."""
        assert html_attrs({"required": True, "disabled": False, "form": None, "class": "x"}) == " required"

    @pytest.mark.parametrize(
        "markup",
        [
            '<c-button :name="value">Go</c-button>',
            '<c-field label="Name" name="name" :value="value" :placeholder="value" />',
            '<c-search-field :value="value" :data-x="value" />',
            '<c-copy-field label="Key" :value="value" />',
            '<c-badge :title="value">{{ value }}</c-badge>',
        ],
    )
    def test_components_escape_what_they_are_given(self, markup: str, rf: RequestFactory) -> None:
        """Names and values come from people."""
        html = _render(markup, rf, value=HOSTILE)
        assert "onfocus=&quot;" in html
        assert 'onfocus="' not in html


class TestUniqueId:
    """unique_id"""

    def test_differs_within_a_page_and_repeats_from_page_to_page(self, rf: RequestFactory) -> None:
        """Two identical requests give identical pages."""
        markup = '{% unique_id "menu" %} {% unique_id "menu" %} {% unique_id "menu" "mine" %}'
        assert _render(markup, rf) == _render(markup, rf) == "menu-1 menu-2 mine"


class TestSortLinks:
    """c-table.header with sort"""

    def test_turns_the_direction_and_starts_at_the_first_page(self, rf: RequestFactory) -> None:
        """UI-2: sorted by name, the link turns it around; the paging cursor goes."""
        html = _render(
            '<c-table.header sort="name">Name</c-table.header>', rf, path="/?sort=name&after=9&q=a"
        )
        assert 'aria-sort="ascending"' in html
        assert 'href="?q=a&amp;sort=-name"' in html


def test_unknown_icon_shows_a_box() -> None:
    """Icon names come from the catalogue, which staff edit."""
    assert icon("no-such-icon") == icon("box")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Anna Keller", "AK"), ("Zephyr", "Z"), ("  ", "?"), ("Jean-Luc Favre Marti", "JM")],
)
def test_initials_of_a_name(name: str, expected: str) -> None:
    """First and last word."""
    assert initials(name) == expected


def test_money_of_nothing_is_nothing() -> None:
    """A missing amount is not zero."""
    assert money(None) == ""
    assert money(Money(1490, "CHF")) == Money(1490, "CHF").format()


def test_a_sentence_that_ends_with_a_time_has_one_full_stop() -> None:
    """UI-1: English times end with a stop of their own."""
    assert (
        single_stop("It works until 9:21 a.m.. Then ask again.") == "It works until 9:21 a.m. Then ask again."
    )
    assert single_stop("It works until 09:21. Please wait...") == "It works until 09:21. Please wait..."


class TestTableCell:
    """c-table.cell"""

    def test_holds_nothing_at_all_where_there_is_nothing_to_say(self, rf: RequestFactory) -> None:
        """So that phones leave out the line of the card rather than showing a label alone (UI-5)."""
        bare = _render('<c-table.cell label="File">{% if name %}{{ name }}{% endif %} </c-table.cell>', rf)
        assert bare == '<td class="table__cell" data-label="File"></td>'
        told = _render('<c-table.cell label="File" hint="later"></c-table.cell>', rf)
        assert "later" in told


def _render(markup: str, rf: RequestFactory, *, path: str = "/", **context: object) -> str:
    from django_cotton.compiler_regex import CottonCompiler

    source = CottonCompiler().process("{% load static %}" + markup)
    return Template(source).render(RequestContext(rf.get(path), context)).strip()
