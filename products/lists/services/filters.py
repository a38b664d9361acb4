"""What a member keeps for the lists: filters under a name, one of them the default, and columns."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.names import is_named
from organizations.members.models import Membership
from products.lists.columns import in_order
from products.lists.models import ListColumns, SavedFilter

MOST_FILTERS = 50


class FilterNameInvalid(DomainError):
    """The filter has no name, or another one of the list has it already."""

    code = "filter_name_invalid"
    status = 422
    field = "name"
    message = _("Another filter of this list has this name.")


class FiltersTooMany(DomainError):
    """The member has kept as many filters as can be kept."""

    code = "filters_too_many"
    status = 422
    field = "name"
    message = _("At most 50 filters can be kept. Please delete one first.")


@transaction.atomic
def save_filter(
    *, membership: Membership, family: str, name: str, query: str, is_default: bool, at: datetime
) -> SavedFilter:
    """Keep the checked `query` of the list of `family` under a name, for the member alone.

    :raises FilterNameInvalid: another filter of the list is called so, in whatever case, or it has no name.
    :raises FiltersTooMany: there are 50.
    """
    own = _own(membership)
    name = _check_name(membership, family, name)
    if own.count() >= MOST_FILTERS:
        raise FiltersTooMany
    if is_default:
        own.filter(family=family).update(is_default=False)
    return SavedFilter.objects.create(
        organization_id=membership.organization_id,
        membership=membership,
        family=family,
        name=name,
        query=query,
        is_default=is_default,
        created_at=at,
    )


@transaction.atomic
def rename_filter(*, membership: Membership, kept: SavedFilter, name: str) -> SavedFilter:
    """Give a kept filter another name.

    :raises FilterNameInvalid: see `save_filter`.
    """
    kept.name = _check_name(membership, kept.family, name, but=kept.pk)
    kept.save(update_fields=["name"])
    return kept


@transaction.atomic
def choose_default(*, membership: Membership, kept: SavedFilter, on: bool) -> None:
    """Let the list open with this filter, or with none."""
    _own(membership).filter(family=kept.family).update(is_default=False)
    if on:
        _own(membership).filter(pk=kept.pk).update(is_default=True)


def delete_filter(*, membership: Membership, kept: SavedFilter) -> None:
    """Forget a kept filter."""
    SavedFilter.objects.filter(
        organization_id=membership.organization_id, membership_id=membership.pk, pk=kept.pk
    ).delete()


def choose_columns(*, membership: Membership, names: Iterable[str]) -> list[str]:
    """Keep which columns the member sees in lists of products; return them in their order."""
    chosen = in_order(names)
    ListColumns.objects.update_or_create(
        organization_id=membership.organization_id, membership=membership, defaults={"names": chosen}
    )
    return chosen


def _own(membership: Membership) -> QuerySet[SavedFilter]:
    # The member's own row is the lock: what one person keeps is changed by one at a time.
    Membership.objects.select_for_update(of=("self",)).get(
        pk=membership.pk, organization_id=membership.organization_id
    )
    return SavedFilter.objects.filter(organization_id=membership.organization_id, membership_id=membership.pk)


def _check_name(membership: Membership, family: str, name: str, but: int = 0) -> str:
    name = " ".join(name.split())
    if not name:
        raise FilterNameInvalid(_("Please give the filter a name."))
    same = _own(membership).filter(is_named(name), family=family).exclude(pk=but)
    if same.exists():
        raise FilterNameInvalid
    return name
