"""Tags and filters that the components of `templates/components/` are written with."""

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.forms.widgets import FileInput, PasswordInput
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide as draw_icon

from manager.kit.addresses import organization_url
from manager.kit.money import Money

register = template.Library()

FALLBACK_ICON = "box"
TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
TONE_ICONS = {
    "positive": "circle-check",
    "notice": "triangle-alert",
    "negative": "circle-alert",
    "info": "info",
    "accent": "sparkles",
    "neutral": "circle-dashed",
}
TONES_OF_MESSAGE_LEVELS = {"success": "positive", "warning": "notice", "error": "negative", "info": "info"}
# The paging cursor belongs to one order of one selection: another sort or filter starts at the first page.
PAGING_PARAMETERS = ("after", "before", "cursor")
WIDGET_KINDS = (
    (CheckboxInput, "checkbox"),
    (CheckboxSelectMultiple, "checkboxes"),
    (RadioSelect, "radios"),
    (Select, "select"),
    (Textarea, "textarea"),
    (PasswordInput, "password"),
    (FileInput, "file"),
)


@lru_cache(maxsize=512)
def _icon_markup(name: str) -> str:
    try:
        return draw_icon(name, size=None, stroke_width="1.75", aria_hidden="true", **{"class": "icon"})
    except IconDoesNotExist:
        return _icon_markup(FALLBACK_ICON)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the lucide icon as inline SVG, hidden from screen readers; an unknown name gives a plain box."""
    return mark_safe(_icon_markup(str(name)))  # noqa: S308  (markup of the icon package, no user's text)


@register.filter
def tone_icon(tone: str) -> str:
    """Return the icon that stands for a tone, so that colour is never the only sign."""
    return TONE_ICONS.get(tone, TONE_ICONS["neutral"])


@register.filter
def message_tone(level_tag: str) -> str:
    """Return the tone of a message of Django's messages framework."""
    return TONES_OF_MESSAGE_LEVELS.get(level_tag, "neutral")


@register.filter
def html_attrs(attrs: Mapping[str, Any]) -> SafeString:
    """Return attributes as escaped HTML with a leading space; True is bare, False and None are left out.

    Components print their remaining attributes with this and not with `{{ attrs }}`, which escapes nothing.
    """
    values = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else dict(attrs)
    parts = []
    for name, value in values.items():
        if name == "class" or value is False or value is None:
            continue
        parts.append(format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value))
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped above)


@register.simple_tag(takes_context=True)
def unique_id(context: Context, prefix: str, given: str = "") -> str:
    """Return `given`, or an id that is unique on this page and the same each time the page is rendered.

    A fragment fetched by htmx counts in a series of its own, so that it can stand beside its page.
    """
    if given:
        return str(given)
    request: HttpRequest | None = context.get("request")
    keeper = request or context.render_context
    counters: dict[str, int] = keeper.__dict__.setdefault("_unique_ids", {})
    of_htmx = request and getattr(request, "htmx", False)
    series = sha256(request.path.encode()).hexdigest()[:5] if request and of_htmx else ""
    counters[prefix] = counters.get(prefix, 0) + 1
    return f"{prefix}-{series}{counters[prefix]}"


@register.filter
def widget_kind(field: BoundField) -> str:
    """Return which layout a form field gets: checkbox, radios, select, textarea, password, file or text."""
    widget = field.field.widget
    return next((kind for cls, kind in WIDGET_KINDS if isinstance(widget, cls)), "text")


@register.filter
def initials(name: str) -> str:
    """Return up to two initials of a person's or organization's name."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    chosen = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in chosen).upper() or "?"


@register.filter
def hue_number(name: str) -> int:
    """Return 1 to 8, always the same for a name: the tint of its avatar."""
    return sha256(str(name).encode()).digest()[0] % 8 + 1


@register.filter
def money(value: Money | None) -> str:
    """Return an amount as people write it in the active language; nothing for None."""
    return "" if value is None else value.format()


def _query(request: HttpRequest | None) -> QueryDict:
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def query_link(context: Context, **changes: Any) -> str:
    """Return `?…`, the page's query with `changes`; an empty value removes; paging starts again."""
    query = _query(context.get("request"))
    for name in PAGING_PARAMETERS:
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def ask_url(context: Context, what: str = "") -> str:
    """Return where the member asks for `what`, or nothing where there is no organization to ask.

    `what` is a permission ("billing:manage"), or a product or family to manage ("product:12", "family:web").
    """
    organization = getattr(context.get("request"), "organization", None)
    if not what or organization is None:
        return ""
    kind, _colon, value = str(what).partition(":")
    query = {kind: value, "level": "manage"} if kind in {"product", "family"} else {"permission": what}
    return f"{reverse('organizations:ask_access', args=[organization.pk])}?{urlencode(query)}"


@register.simple_tag(takes_context=True)
def sort_direction(context: Context, field: str, default: str = "") -> str:
    """Return `ascending`, `descending` or nothing: how `field` sorts the page by `?sort=` or the default."""
    request: HttpRequest | None = context.get("request")
    return direction_of((request.GET.get("sort", "") if request else "") or default, field)


@register.filter
def direction_of(sort: str, field: str) -> str:
    """Return `ascending`, `descending` or nothing: how a list in the order `sort` is sorted by `field`."""
    return {field: "ascending", f"-{field}": "descending"}.get(sort, "")


@register.simple_tag(takes_context=True)
def sort_link(context: Context, field: str, default: str = "") -> str:
    """Return `?…`, which sorts the page by `field`, or the other way round where it is sorted by it."""
    sign = "-" if sort_direction(context, field, default) == "ascending" else ""
    return query_link(context, sort=sign + field)


@register.simple_tag(name="organization_url", takes_context=True)
def url_in_organization(context: Context, name: str) -> str:
    """Return the address of a page of the present organization whose route takes nothing else."""
    return organization_url(name, context["request"].organization.pk)


@register.simple_tag
def brand_stylesheet() -> str:
    """Return the address of the operator's accent; it changes with the colour, so it can be cached."""
    version = sha256(settings.BRAND_ACCENT.encode()).hexdigest()[:8]
    return f"{reverse('shell:brand:stylesheet')}?v={version}"


@register.filter(is_safe=True)
def single_stop(text: str) -> str:
    """Return a sentence with one full stop where it ends with a time in English, such as 9 a.m."""
    return TWO_STOPS.sub(".", text)
