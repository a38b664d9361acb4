"""Tags and kept filters of an organization, for the matrix."""

from itertools import count
from typing import Any

from organizations.profile.models import Organization
from products.lists.models import SavedFilter, Tag
from tests.factories.cast import AT
from tests.factories.members import first_representative
from tests.isolation.world import MAKERS, World, word_of

_numbers = count(1)


def _tag(world: World, organization: Organization, made: dict[str, Any]) -> int:
    name = f"{word_of(world, organization)} {next(_numbers)}"
    return Tag.objects.create(organization=organization, name=name, created_at=AT).pk


def _filter(world: World, organization: Organization, made: dict[str, Any]) -> int:
    """Return a filter that the first representative has kept."""
    return SavedFilter.objects.create(
        organization=organization,
        membership=first_representative(organization),
        name=f"{word_of(world, organization)} {next(_numbers)}",
        created_at=AT,
    ).pk


MAKERS.update({"tag_id": _tag, "filter_id": _filter})
