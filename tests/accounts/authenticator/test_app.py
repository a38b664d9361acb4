"""The app on the phone can be installed, is whole, and works without a network (ACC-10)."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find

from accounts.authenticator.assets import ENTRY_POINTS, MODULES, PICTURES, STYLES
from tests.factories.people import browser

STATIC = Path(settings.BASE_DIR) / "static"


def named(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


class TestManifest:
    def test_describes_an_app_that_can_be_installed(self):
        """Name, start, scope, and a picture of each size."""
        answer = browser().get("/authenticator/manifest.webmanifest")
        manifest = answer.json()
        assert answer["Content-Type"] == "application/manifest+json"
        assert (manifest["start_url"], manifest["scope"]) == ("/authenticator/", "/authenticator/")
        assert manifest["display"] == "standalone"
        assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
        for icon in manifest["icons"]:
            assert find(icon["src"].removeprefix("/static/")), icon

    def test_has_the_brands_colour_and_the_visitors_language(self, settings):
        """The operator's look, on the phone as well."""
        settings.BRAND_ACCENT, settings.BRAND_NAME = "#0a7d4f", "Alpine Hosting"
        manifest = browser(accept_language="de").get("/authenticator/manifest.webmanifest").json()
        assert manifest["theme_color"] == "#0a7d4f"
        assert manifest["short_name"] == "Alpine Hosting"
        assert manifest["lang"] == "de"


class TestWorker:
    @pytest.mark.parametrize("name", [*ENTRY_POINTS, *STYLES, *MODULES, *PICTURES])
    def test_keeps_files_that_exist(self, name):
        """One missing file, and the worker would keep nothing."""
        assert find(name)
        assert f'"/static/{name}"' in browser().get("/authenticator/worker.js").content.decode().replace(
            "\\u002D", "-"
        )

    def test_keeps_all_modules_and_styles(self):
        """A new file of the app needs its place in the list."""
        modules = {f"js/authenticator/{path.name}" for path in (STATIC / "js/authenticator").glob("*.js")}
        assert modules == {*MODULES, "js/authenticator/app.js"}
        text = (STATIC / "css/authenticator.css").read_text()
        assert {f"css/{name}" for name in named(r'url\("([^"]+)"\)', text)} == set(STYLES)

    def test_may_run(self):
        """The policy of content lets it, at a scope that covers the app."""
        answer = browser().get("/authenticator/worker.js")
        assert answer["Content-Type"].startswith("text/javascript")
        assert "worker-src 'self'" in browser().get("/authenticator/")["Content-Security-Policy"]


class TestPage:
    def test_says_everything_that_the_scripts_ask_for(self):
        """A text that is missing in the page would be empty on the phone."""
        page = browser().get("/authenticator/").content.decode()
        scripts = "".join(path.read_text() for path in (STATIC / "js/authenticator").glob("*.js"))
        wanted = named(r'text\("(\w+)"', scripts)
        wanted |= {"signingIn", "proving", "wrongNumber", "approved", "refused", "lastFactor", "offerNotOpen"}
        assert len(wanted) > 12
        for name in wanted:
            attribute = "data-" + re.sub(r"[A-Z]", lambda match: "-" + match.group().lower(), name)
            assert f'{attribute}="' in page, name

    @pytest.mark.parametrize("language", ["en", "fr", "de", "it", "es"])
    def test_speaks_five_languages(self, language):
        """Server-rendered, with all its placeholders."""
        page = browser(accept_language=language).get("/authenticator/").content.decode()
        assert f'<html lang="{language}"' in page
        for placeholder in ("%(browser)s", "%(system)s", "%(left)s", "%(login)s"):
            assert placeholder in page
