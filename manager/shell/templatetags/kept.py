"""Markup that is drawn once and then kept: `{% kept … %}`, with what changes in each request as `{% live %}`.

Most of a page is the same in every request of the same kind: its buttons, headings, menus and words. Drawing
it anew takes most of the page's time (tests/benchmarks/test_product_lists.py). So

    {% kept may_order status=values.status %}
      <c-button>{% translate "Order" %}</c-button> {% live %}{{ product.name }}{% endlive %}
    {% endkept %}

draws what stands between its tags once for each combination of the values that it names, and what stands
between the tags of `live` in each request. Nothing of one request can reach another: what is kept sees the
values it names and the language, and is kept under just these. Asking for another name is an error, whether
the page has it or not: the request, the person, the token of its forms, a value that was not named. What
depends on the time belongs into `live`, which sees the page as it is around the kept part; it does not see
what a loop or `with` within that part has set.
"""

import re
import secrets
from typing import Any

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

# Combinations of values that one tag keeps: rights, states and languages, never rows or words of anybody's.
MOST = 200
PLAIN = frozenset({str, SafeString, int, bool, type(None)})
_PLACES = "_places"
# No text of anybody's can name a place: the word is another in each process.
_WORD = f"live{secrets.token_hex(8)}"
_PLACE = re.compile(rf"{_WORD}n(\d+)n")

_Key = tuple[Any, ...]


class NotKept(RuntimeError):
    """What is kept asks for something that is another in each request; it belongs into `live`."""


class _Elsewhere:
    """Stands for what belongs to a request: using it while something is drawn to be kept is an error.

    `asked` takes its name as well: the tag `if` takes an error within `and`, `or` or `not` for a no.
    """

    def __init__(self, name: str, asked: set[str]) -> None:
        self.__dict__.update(name=name, asked=asked)

    def _refuse(self, *_args: object) -> Any:
        self.__dict__["asked"].add(self.__dict__["name"])
        raise _refusal({self.__dict__["name"]})

    __getattr__ = __getitem__ = __bool__ = __str__ = __iter__ = __eq__ = __len__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # it is not compared


class _Alone(Context):
    """What something that is kept sees; `asked` are the names that it asked for and that it was not given."""

    def __init__(self, values: dict[str, Any], *, asked: set[str], autoescape: bool) -> None:
        super().__init__(values, autoescape=autoescape)
        self.asked = asked

    def __getitem__(self, name: Any) -> Any:
        """Return a value; a missing one could be there in the next request, and is noted."""
        try:
            return super().__getitem__(name)
        except KeyError:
            if str(name).isidentifier():  # components ask for `[]` before they take it as an empty list
                self.asked.add(name)
            raise


def _refusal(names: set[str]) -> NotKept:
    told = ", ".join(sorted(names))
    return NotKept(f"What is kept asks for what it does not name: {told}. Name the values, or use `live`.")


_OF_A_REQUEST = ("request", "shell", "user", "perms", "messages", "csrf_token")


class LiveNode(Node):
    """What is drawn in each request, within something kept."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Return the content, or its place while what is around it is drawn to be kept."""
        places: list[LiveNode] | None = context.get(_PLACES)
        if places is None:
            return self.nodelist.render(context)
        places.append(self)
        return mark_safe(f"{_WORD}n{len(places) - 1}n")  # noqa: S308  (no one's text)


class KeptNode(Node):
    """What is drawn once for each combination of `values`."""

    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self._values = values
        self._kept: dict[_Key, list[str | LiveNode]] = {}

    def render(self, context: Context) -> SafeString:
        """Return the kept text with its live parts.

        :raises NotKept: a value is no plain one, or the content uses more than the values.
        """
        values = {name: value.resolve(context, ignore_failures=True) for name, value in self._values.items()}
        key = (get_language(), context.autoescape, *map(_key, values.values()))
        parts = self._kept.get(key)
        if parts is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            parts = self._kept[key] = self._draw(values, context)
        drawn = (part if isinstance(part, str) else part.render(context) for part in parts)
        return mark_safe("".join(drawn))  # noqa: S308  (drawn by templates, which escape)

    def _draw(self, values: dict[str, Any], around: Context) -> list[str | LiveNode]:
        if _PLACES in around:
            raise NotKept("Within something kept, what is kept by itself belongs into `live`.")
        places: list[LiveNode] = []
        asked: set[str] = set()
        of_page = {name: _Elsewhere(name, asked) for name in _OF_A_REQUEST} | {_PLACES: places}
        alone: Any = _Alone({**of_page, **values}, asked=asked, autoescape=around.autoescape)
        alone._cotton_processor_snapshot = of_page  # noqa: SLF001  (what components see of a page)
        page: Any = around.template
        with alone.bind_template(page), alone.render_context.push_state(page):
            pieces: list[Any] = _PLACE.split(self.nodelist.render(alone))
        if asked:
            raise _refusal(asked)
        # Text and the numbers of places take turns.
        pieces[1::2] = [places[int(number)] for number in pieces[1::2]]
        return pieces


def _key(value: Any) -> _Key:
    """Return a value with its type: what is safe, and what is true, is another thing than the same text."""
    if type(value) is tuple:
        return tuple, *map(_key, value)
    if type(value) not in PLAIN:
        raise NotKept(f"{value!r} is no text, number, truth or tuple of them: nothing is kept under it.")
    return type(value), value


@register.filter
def present(value: Any) -> bool:
    """Return whether there is something: enough to keep by where the value itself stands in `live`."""
    return bool(value)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Keep what stands up to `endkept` by the values named: `name`, or `name=expression`."""
    values = {}
    for word in token.split_contents()[1:]:
        name, _equals, expression = word.partition("=")
        values[name] = parser.compile_filter(expression or name)
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, values)


@register.tag
def live(parser: Parser, _token: Token) -> LiveNode:
    """Draw what stands up to `endlive` in each request."""
    nodelist = parser.parse(("endlive",))
    parser.delete_first_token()
    return LiveNode(nodelist)
