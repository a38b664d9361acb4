"""What several browser tests do beside the story: come in at once, hold a phone, look with axe."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.fixtures.browser import PATIENCE
from tests.fixtures.http import Site


def lend_session(context: BrowserContext, site: Site, client: Client) -> None:
    """Give the browser the session of a test client, in place of any other one's."""
    context.clear_cookies()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site.url}])


def open_phone(
    browser: Browser, site: Site, *, user_agent: str | None = None, locale: str = "en-GB"
) -> BrowserContext:
    """Return a phone: a small window, touch, a browser profile of its own. The caller closes it."""
    context = browser.new_context(
        base_url=site.url,
        locale=locale,
        user_agent=user_agent,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(PATIENCE)
    return context


def serious_violations(page: Page) -> list[str]:
    """Return the rules of axe that the page breaks and that keep somebody from using it (UI-5)."""
    page.wait_for_load_state("load")
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [violation["id"] for violation in found if violation["impact"] in {"serious", "critical"}]
