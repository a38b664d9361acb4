"""The rows of a list of products as HTML: the markup of c-table.row, c-badge and c-action-menu, written out.

25 rows of 20 components would take most of the page's time (tests/benchmarks/test_product_lists.py), and as a
template a third of it. Whatever comes from a row is escaped where it is put in, by `escape`. A test draws the
same rows by the components (tests/products/lists/test_markup.py): what changes there changes here.
"""

import html
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manager.kit.addresses import organization_url
from products.catalog.labels import describe_period
from products.inventory.labels import ProductRow, describe_days
from products.inventory.status import ProductStatus
from products.lists.columns import COLUMNS

Icon = Callable[[str], str]
NUMERIC = {"quantity", "price"}
REMOTE = " data-dialog-remote"
# The entries of a row's menu: icon, attributes of its link, further classes.
ENTRIES = {
    "open": ("arrow-right", "", ""),
    "rename": ("pencil", REMOTE, ""),
    "tags": ("tag", REMOTE, ""),
    "renew": ("wallet", "", ""),
    "terminate": ("trash-2", "", " menu__item--danger"),
}
NOTHING = '<span class="faint">–</span>'


def escape(text: object) -> str:
    """Return a text as HTML, as Django's `escape` does, without asking each time whether it is a lazy one."""
    return html.escape(str(text))


class RowMarkup:
    """Writes rows for one page: what is the same in each of them is made once.

    `columns` are those beside the name; `rights` the names of `products.lists.views.lists` that hold;
    `families` the names of families by slug.
    """

    def __init__(
        self,
        *,
        organization_id: int,
        columns: Iterable[str],
        rights: Mapping[str, bool],
        families: Mapping[str, str],
        icon: Icon,
    ) -> None:
        self._rights = rights
        self._families = families
        self._icon = icon
        self._language = get_language() or "en"
        self._list_url = organization_url("products:list", organization_id)
        self._tags_url = organization_url("products:put_tags", organization_id)
        self._to_pay_url = organization_url("billing:to_pay", organization_id)
        self._terminate_url = organization_url("products:terminate", organization_id)
        self._ask_url = organization_url("organizations:ask_access", organization_id)
        self._states = {state.value: escape(state.label) for state in ProductStatus}
        contents = self._contents()
        self._cells = [(_opening(name), contents[name]) for name in COLUMNS if name in set(columns)]
        self._select = _("Select %(name)s")
        self._actions = _("Actions for %(name)s")
        self._texts = self._translate()
        self._entries = {name: self._entry(*entry) for name, entry in ENTRIES.items()}
        self._dots = icon("ellipsis-vertical")

    def draw(self, rows: Iterable[ProductRow]) -> SafeString:
        """Return the rows as HTML."""
        return mark_safe("".join(map(self._row, rows)))  # noqa: S308  (each part is escaped where it is put in)

    def _translate(self) -> dict[str, str]:
        texts = {
            "automatic": _("Automatic"),
            "by_hand": _("By hand"),
            "open": _("Open"),
            "rename": _("Rename"),
            "tags": _("Tags"),
            "renew": _("Renew"),
            "terminate": _("Terminate"),
            "view_only": _("You may only view this product."),
            "renewing": _("Renewing needs the billing right."),
            "ask": _("Click to ask for access."),
        }
        return {name: escape(text) for name, text in texts.items()}

    def _contents(self) -> dict[str, Callable[[ProductRow], str]]:
        return {
            "internal_name": lambda row: escape(row.product.internal_name or "–"),
            "reference": lambda row: escape(row.product.reference or "–"),
            "family": lambda row: escape(self._families.get(row.product.family, "")),
            "status": self._status,
            "expires_on": self._expires,
            "renewal": self._renewal,
            "tags": _tags,
            "quantity": lambda row: str(row.product.quantity),
            "ordered": lambda row: _time(localtime(row.product.created_at).date(), self._language),
            "price": self._price,
        }

    def _row(self, row: ProductRow) -> str:
        product, pk = row.product, row.product.pk
        name = escape(product.name)
        box = ""
        if self._rights["may_select"]:
            label = escape(self._select % {"name": product.name})
            box = (
                '<td class="table__cell table__check"><input class="checkbox" '
                f'id="products-bulk-selected-{pk}" type="checkbox" form="products-bulk" name="selected" '
                f'value="{pk}" aria-label="{label}"></td>'
            )
        hint = product.internal_name or row.offer
        told = f'<span class="table__hint">{escape(hint)}</span>' if hint else ""
        cells = "".join(f"{opening}{content(row)}</div></td>" for opening, content in self._cells)
        return (
            f'<tr class="table__row">{box}<td class="table__cell table__cell--main"><div class="table__main">'
            f'<span class="table__icon">{self._icon(product.plan.icon)}</span><div class="table__main-text">'
            f'<a class="table__link" href="{self._list_url}{pk}/">{name}</a>{told}</div></div></td>{cells}'
            f'<td class="table__cell table__cell--actions"><div class="table__content">{self._menu(row)}'
            "</div></td></tr>\n"
        )

    def _status(self, row: ProductRow) -> str:
        return (
            f'<span class="badge" data-tone="{row.tone}"><span class="badge__dot" aria-hidden="true"></span>'
            f"<span>{self._states[row.product.status]}</span></span>"
        )

    def _expires(self, row: ProductRow) -> str:
        day = row.product.expires_on
        if day is None:
            return NOTHING
        days = _days((day - row.today).days, self._language)
        return f'{_time(day, self._language)}<span class="table__hint">{days}</span>'

    def _renewal(self, row: ProductRow) -> str:
        if row.product.auto_renew:
            icon, text = self._icon("refresh-cw"), self._texts["automatic"]
            return f'<span class="badge" data-tone="accent">{icon}<span>{text}</span></span>'
        return f'<span class="muted">{self._texts["by_hand"]}</span>' if row.renews else NOTHING

    def _price(self, row: ProductRow) -> str:
        price = row.price
        if price is None:
            return NOTHING
        period = _period(row.product.months, self._language) if price else ""
        value = f"{price.amount} {price.currency}"
        return f'<data class="money" value="{value}">{escape(price.format())}</data>{period}'

    def _menu(self, row: ProductRow) -> str:
        pk = row.product.pk
        label = escape(self._actions % {"name": row.product.name})
        own = f"{self._list_url}{pk}/"
        items = [self._item(own, "open")]
        if row.may_manage:
            items.append(self._item(f"{own}rename/", "rename"))
            items.append(self._item(f"{self._tags_url}?product={pk}", "tags"))
        else:
            url = f"{self._ask_url}?product={pk}&amp;level=manage"
            items.append(self._denied(url, "pencil", "rename", "view_only"))
        if row.renews and self._rights["may_renew"]:
            items.append(self._item(self._to_pay_url, "renew"))
        elif row.renews:
            url = f"{self._ask_url}?permission=billing%3Amanage"
            items.append(self._denied(url, "wallet", "renew", "renewing"))
        if self._rights["may_terminate"] and row.can_end:
            url = f"{self._terminate_url}?product={pk}"
            items.append('<hr class="menu__separator">')
            items.append(self._item(url, "terminate"))
        return (
            '<action-menu class="menu action-menu">'
            '<button class="button button--ghost button--small button--icon" type="button"'
            f' popovertarget="product-actions-{pk}" aria-label="{label}" title="{label}">'
            f'{self._dots}</button><div class="menu__panel menu__panel--end"'
            f' id="product-actions-{pk}" popover>{"".join(items)}</div></action-menu>'
        )

    def _entry(self, icon: str, attributes: str, more: str) -> tuple[str, str]:
        """Return what stands before and after the address of an entry of the rows' menus."""
        return (
            f'<a class="menu__item{more}" href="',
            f'"{attributes}>{self._icon(icon)}<span class="menu__text">',
        )

    def _item(self, url: str, name: str) -> str:
        before, after = self._entries[name]
        return f"{before}{url}{after}{self._texts[name]}</span></a>"

    def _denied(self, url: str, icon: str, text: str, why: str) -> str:
        return (
            f'<a class="menu__item menu__item--denied" href="{url}" data-dialog-remote>{self._icon(icon)}'
            f'<span class="menu__text">{self._texts[text]}<span class="menu__hint">{self._texts[why]}'
            f" {self._texts['ask']}</span></span></a>"
        )


def _opening(name: str) -> str:
    numeric = " table__cell--numeric" if name in NUMERIC else ""
    return (
        f'<td class="table__cell{numeric}" data-label="{escape(COLUMNS[name])}"><div class="table__content">'
    )


def _tags(row: ProductRow) -> str:
    if not row.tags:
        return NOTHING
    badges = (
        f'<span class="team-badge"><span class="swatch" data-hue="{tag.hue}" aria-hidden="true"></span>'
        f'<span class="team-badge__name">{escape(tag.name)}</span></span>'
        for tag in row.tags
    )
    return f'<span class="row">{"".join(badges)}</span>'


@lru_cache(maxsize=4096)
def _time(day: date, language: str) -> str:
    """Return a day as an element, as `language` (the active one) writes it; many rows show the same days."""
    return f'<time datetime="{day.isoformat()}">{escape(date_format(day, "DATE_FORMAT"))}</time>'


@lru_cache(maxsize=4096)
def _days(days: int, language: str) -> str:
    """Return a number of days from today in the words of `language` (the active one)."""
    return escape(describe_days(days))


@lru_cache(maxsize=256)
def _period(months: int, language: str) -> str:
    """Return the second line of a price, as `language` (the active one) has it."""
    return f'<span class="table__hint">{escape(describe_period(months))}</span>'
