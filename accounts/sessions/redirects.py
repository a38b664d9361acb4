"""Where to go after signing in: only to pages of this panel (INC-21)."""

from django.utils.http import url_has_allowed_host_and_scheme


def local_path(wanted: str | None, default: str = "/") -> str:
    """Return `wanted` when it is a path of this panel, else `default`.

    It must begin with one slash; a second one, a backslash or a control character would lead browsers
    elsewhere.
    """
    if not wanted or len(wanted) > 2000 or not wanted.startswith("/"):
        return default
    if "\\" in wanted or any(ord(character) <= 32 or ord(character) == 127 for character in wanted):
        return default
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else default
