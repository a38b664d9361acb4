"""The columns that a list of products can show besides the name (UI-2)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text

COLUMNS: dict[str, Text] = {
    "internal_name": _("Internal name"),
    "reference": _("Own reference"),
    "family": _("Family"),
    "status": _("Status"),
    "expires_on": _("Expires"),
    "renewal": _("Renewal"),
    "tags": _("Tags"),
    "quantity": _("Quantity"),
    "ordered": _("Ordered"),
    "price": _("Price"),
}
DEFAULT = ("status", "expires_on", "renewal", "tags", "price")


def in_order(names: Iterable[str]) -> list[str]:
    """Return those of `names` that are columns, in the order of the list."""
    wanted = set(names)
    return [name for name in COLUMNS if name in wanted]
