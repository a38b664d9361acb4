"""Every page of the styleguide and every error page can be drawn."""

import re

import pytest
from django.test import Client

PAGES = {"": 200, "dialog/": 200, "entry/": 200, "shop/": 200, "list/": 200, "empty/": 200, "nowhere/": 404}
ERRORS = {f"{status}/": status for status in (400, 403, 404, 405, 429, 500)}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)


@pytest.mark.parametrize(("path", "status"), (PAGES | ERRORS).items())
def test_answers_without_inline_code(client: Client, path: str, status: int) -> None:
    """A strict content security policy would refuse it."""
    answer = client.get(f"/styleguide/{path}")
    assert answer.status_code == status
    assert not INLINE.search(answer.content.decode())


@pytest.mark.parametrize("path", [path for path, status in PAGES.items() if status == 200])
def test_gives_each_id_once(client: Client, path: str) -> None:
    """UI-5: labels and descriptions point at ids."""
    ids = re.findall(r'\sid="([^"]+)"', client.get(f"/styleguide/{path}").content.decode())
    assert sorted(ids) == sorted(set(ids))
