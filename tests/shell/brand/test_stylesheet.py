"""The stylesheet that carries the operator's accent."""

from typing import Any

from django.test import RequestFactory

from manager.shell.brand.views import stylesheet


class TestStylesheet:
    """/brand.css"""

    def test_carries_the_operators_accent(self, rf: RequestFactory, settings: Any) -> None:
        """Hue and chroma as custom properties, nothing inline in pages."""
        settings.BRAND_ACCENT = "#008080"
        answer = stylesheet(rf.get("/brand.css"))
        assert answer["Content-Type"] == "text/css; charset=utf-8"
        assert b"--accent-h: 194.8; --accent-c: 0.093;" in answer.content

    def test_is_empty_with_the_default_accent(self, rf: RequestFactory, settings: Any) -> None:
        """The tokens' own accent holds."""
        settings.BRAND_ACCENT = ""
        assert stylesheet(rf.get("/brand.css")).content == b""
