"""The same section in another organization (ORG-1)."""

from django.http import Http404
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from organizations.access.guard import permission_for
from organizations.access.roles import Permission

LONGEST = 200


def find_section(*, organization_id: int, section: str, can: frozenset[Permission]) -> str:
    """Return the address of `section` (what follows `/o/<id>/`) in an organization, else of its home.

    A section is a page that needs no object of an organization, and that the member may see there.
    """
    home = reverse("shell:home", args=[organization_id])
    path = f"{home}{section}"
    if len(section) > LONGEST or not section.isascii() or "//" in path or ".." in path:
        return home
    try:
        match = resolve(path)
    except (Resolver404, Http404):
        return home
    return path if _is_open(match, organization_id, can) else home


def _is_open(match: ResolverMatch, organization_id: int, can: frozenset[Permission]) -> bool:
    wanted = getattr(match.func, "permissions", None)
    if wanted is None or match.kwargs.pop("organization_id", None) != organization_id:
        return False
    has_object = any(not isinstance(value, str) for value in match.kwargs.values())
    return not has_object and permission_for(wanted, "GET") in can
