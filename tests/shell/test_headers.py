"""Headers of every answer, and the health page (INC-33)."""

import pytest
from django.urls import reverse

from tests.factories.cast import client_of, make_person


def test_keeps_pages_of_people_out_of_every_cache():
    """INC-33."""
    answer = client_of(make_person()).get(reverse("organizations:mine"))
    assert answer["Cache-Control"] == "no-store, private"
    assert {"Cookie", "HX-Request"} <= {part.strip() for part in answer["Vary"].split(",")}


@pytest.mark.parametrize("path", ["/sign-in/", "/api/docs/", "/api/openapi.json", "/nothing/", "/health/"])
def test_allows_no_inline_script_or_style(client, path):
    """Strict CSP: on refusals as well."""
    policy = client.get(path)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_is_well(client):
    """Operations: tells nothing but whether it can work."""
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "database": True, "redis": True}


def test_is_not_well_without_redis(client, settings):
    """Operations: and answers all the same."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "database": True, "redis": False}
