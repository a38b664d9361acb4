"""Which products hold which kind of content (ORG-15).

Products lie on the floor above and are not imported here; their app registers one finder at start. What
plans are of is the `kind` of the catalogue.
"""

from collections.abc import Callable, Collection

from organizations.access.choices import list_family_choices
from organizations.access.grants import ProductScope
from organizations.support.models import SupportKind

PLAN_KINDS: dict[str, frozenset[str]] = {
    SupportKind.MAIL: frozenset({"mail"}),
    SupportKind.FILES: frozenset({"drive", "transfer"}),
    SupportKind.CHAT: frozenset({"chat", "meeting"}),
}
# Hold every kind of content: seen with any of them, changed with none, for the others lie in them, too.
SHARED = frozenset({"workspace"})

# (organization id, kinds of plans) -> living products as (id, kind of the plan).
Finder = Callable[[int, Collection[str]], list[tuple[int, str]]]


def _no_products(organization_id: int, kinds: Collection[str]) -> list[tuple[int, str]]:
    return []


_finders: list[Finder] = [_no_products]


def register_contents(finder: Finder) -> None:
    """Let `finder` tell which living products are of some kinds; called once, at start."""
    _finders.append(finder)


def scope_of(*, organization_id: int, kinds: Collection[str]) -> ProductScope:
    """Return the products that support access to these kinds reaches; the account shows all, changes none."""
    managed_kinds = frozenset[str]().union(*(PLAN_KINDS.get(kind, frozenset()) for kind in kinds))
    found = _finders[-1](organization_id, managed_kinds | SHARED) if managed_kinds else []
    sees_all = SupportKind.ACCOUNT in kinds
    return ProductScope(
        families=frozenset(slug for slug, _ in list_family_choices()) if sees_all else frozenset(),
        product_ids=frozenset(pk for pk, _ in found),
        managed_product_ids=frozenset(pk for pk, kind in found if kind in managed_kinds),
    )
