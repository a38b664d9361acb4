"""Addresses of pages that stand on every page: looked up among the routes once, then put together.

Routes do not change while the panel runs. What is kept is the route's text, never whose page it leads to.
"""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

NOBODY = 0


def page_url(name: str) -> str:
    """Return the address of a page whose route takes nothing."""
    return _look_up(name, (), settings.ROOT_URLCONF, get_script_prefix())


def organization_url(name: str, organization_id: int, *more: str) -> str:
    """Return the address of an organization's page; `more` are words of the catalogue in its route."""
    path = _look_up(name, (NOBODY, *more), settings.ROOT_URLCONF, get_script_prefix())
    before, _nobody, after = path.partition(f"/{NOBODY}/")
    return f"{before}/{organization_id}/{after}"


@lru_cache(maxsize=1024)
def _look_up(name: str, args: tuple[int | str, ...], _routes: str, _prefix: str) -> str:
    return reverse(name, args=args)
