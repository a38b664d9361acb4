"""Markup that is drawn once and kept: nothing of one request reaches another (UI-2)."""

from typing import Any

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe
from django_cotton.compiler_regex import CottonCompiler

from manager.shell.templatetags.kept import MOST, NotKept

# The same word twice in five drawings: once in 1,000 million times.
WORDS = tuple(f"word-{number}" for number in range(1000))


def _template(source: str) -> Template:
    return Template(CottonCompiler().process("{% load kept %}" + source))


def _draw(rf: RequestFactory, template: Template, path: str = "/", **values: Any) -> str:
    return template.render(RequestContext(rf.get(path), values)).strip()


def test_is_drawn_once_for_each_combination_of_its_values(rf: RequestFactory) -> None:
    """What is drawn by chance stays, for one value and one language."""
    template = _template("{% kept words name %}{{ words|random }}{% endkept %}")
    seen = {_draw(rf, template, words=WORDS, name="a") for _time in range(5)}
    assert len(seen) == 1
    seen |= {_draw(rf, template, words=WORDS, name=name) for name in ("b", "c")}
    with translation.override("de"):
        seen.add(_draw(rf, template, words=WORDS, name="a"))
    assert len(seen) > 1


def test_is_not_shared_by_values_that_only_look_alike(rf: RequestFactory) -> None:
    """Safe text and text, 1 and True, are other values; text is escaped by each."""
    template = _template("{% kept value %}[{{ value }}]{% endkept %}")
    values = [mark_safe("<b>"), "<b>", 1, True, (1,), (True,), "1", None]
    drawn = [_draw(rf, template, value=value) for value in (*values, *reversed(values))]
    wanted = ["[<b>]", "[&lt;b&gt;]", "[1]", "[True]", "[(1,)]", "[(True,)]", "[1]", "[None]"]
    assert drawn == wanted + wanted[::-1]


def test_draws_what_is_live_in_each_request(rf: RequestFactory) -> None:
    """In text, in a component's attribute and its slot; escaped; also under another language."""
    template = _template(
        '{% kept size %}<c-button size="{{ size }}" href="{% live %}{{ request.path }}{% endlive %}">'
        "{% live %}{{ name }}{% endlive %}</c-button>{% live %}{% get_current_language as now %}{{ now }}"
        "{% endlive %}{% endkept %}"
    )
    drawn = [
        _draw(rf, template, path, size="small", name=name) for path, name in (("/a/", "Ann"), ("/b/", "<Bo>"))
    ]
    assert [("/a/" in text, "Ann" in text) for text in drawn] == [(True, True), (False, False)]
    assert "/b/" in drawn[1]
    assert "&lt;Bo&gt;" in drawn[1]
    assert drawn[0].replace("/a/", "/b/").replace("Ann", "&lt;Bo&gt;") == drawn[1]


def test_writes_the_token_of_each_request_into_a_components_form(rf: RequestFactory) -> None:
    """A bulk bar that is kept has the token of who asks (INC-33)."""
    template = _template('{% kept %}<c-bulk-bar id="bar" action="/x/">x</c-bulk-bar>{% endkept %}')
    first, second = (_draw(rf, template) for _time in range(2))
    assert first.count("csrfmiddlewaretoken") == second.count("csrfmiddlewaretoken") == 1
    assert first != second


@pytest.mark.parametrize(
    "content",
    [
        "{{ request.path }}",
        "{% if user %}x{% endif %}",
        "{% if shell.organization %}x{% endif %}",
        "{% csrf_token %}",
        "{% query_link sort='name' %}",
        '<c-search-field name="q" label="Search" />',
        '<c-bulk-bar id="bar">{% csrf_token %}</c-bulk-bar>',
        "{% kept %}within{% endkept %}",
        "{% if user or request.path %}x{% endif %}",
        "{% if not user %}x{% endif %}",
        "{{ right }}",
        "{% if right %}x{% endif %}",
        "{% if not right or absent %}x{% endif %}",
        '<c-button :disabled="right">x</c-button>',
        "{% if absent %}x{% endif %}",
    ],
    ids=[
        *("request", "user", "frame", "token", "query", "id-of-the-page", "slot", "within"),
        *("either", "not", "unnamed", "unnamed-if", "unnamed-or", "unnamed-attribute", "absent-today"),
    ],
)
def test_refuses_what_is_another_in_each_request(rf: RequestFactory, content: str) -> None:
    """An error, never somebody else's page, and never a no for what was not named; also in a component."""
    with pytest.raises(NotKept):
        _draw(rf, _template("{% kept %}" + content + "{% endkept %}"), right=True)


def test_is_escaped_as_around_it(rf: RequestFactory) -> None:
    """One part in a page and in a plain text: what is kept of one is not the other's."""
    template = _template(
        "{% for _time in '12' %}{% autoescape off %}{% include part with value=text %}{% endautoescape %}"
        "{% include part with value=text %}{% endfor %}"
    )
    part = _template("{% kept value %}[{{ value }}]{% endkept %}")
    assert _draw(rf, template, part=part, text="<b>") == "[<b>][&lt;b&gt;]" * 2


@pytest.mark.parametrize(
    "value", [["a"], {"a": 1}, object(), ("a", ["b"])], ids=["list", "dict", "row", "deep"]
)
def test_refuses_values_that_change_or_are_not_plain(rf: RequestFactory, value: object) -> None:
    """A row could be another one under the same name."""
    with pytest.raises(NotKept):
        _draw(rf, _template("{% kept value %}x{% endkept %}"), value=value)


def test_keeps_no_more_than_so_many(rf: RequestFactory) -> None:
    """What visitors can name does not fill the memory; what is drawn again is right."""
    template = _template("{% kept value %}{{ value }}{% endkept %}")
    assert [_draw(rf, template, value=number) for number in (*range(MOST + 3), 0)] == [
        str(number) for number in (*range(MOST + 3), 0)
    ]
    (node,) = (node for node in template.nodelist if type(node).__name__ == "KeptNode")
    assert len(vars(node)["_kept"]) <= MOST
