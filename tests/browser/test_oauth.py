"""A person lets an application act, in a real browser that comes back to the application (ACC-16)."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from accounts.applications.models import OAuthConsent
from tests.browser.hands import lend_session
from tests.factories.cast import make_tenant
from tests.factories.oauth import Flow, bearer, make_application
from tests.factories.people import register, signed_in


class Application(BaseHTTPRequestHandler):
    """The application's own site: it is asked for the address to which people come back."""

    def do_GET(self) -> None:
        self.server.came_back.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Robot</title><h1>Welcome back to the robot</h1>")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def robot() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Application)
    server.came_back = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_allows_an_application_in_one_organization(site, context, page, robot):
    """ACC-16, INC-21: the content policy lets the form lead there, and nowhere else."""
    person = register()
    chosen = make_tenant(person, name="Lindenhof AG")
    make_tenant(person, name="Seeblick GmbH")
    back = f"http://127.0.0.1:{robot.server_port}/back"
    application, secret = make_application(register(), redirect_addresses=[back])
    flow = Flow(site, person, application, secret)
    lend_session(context, site, signed_in(person))

    page.goto(flow.ask())
    expect(page.get_by_role("heading", name=re.compile("Allow Invoice robot"))).to_be_visible()
    page.get_by_role("button", name="Allow", exact=True).click()
    # Nothing is chosen beforehand where there are several: the browser asks for it.
    expect(page.get_by_role("heading", name=re.compile("Allow Invoice robot"))).to_be_visible()
    page.get_by_label("Lindenhof AG").check()
    page.get_by_role("button", name="Allow", exact=True).click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()

    came_back = next(path for path in robot.came_back if path.startswith("/back"))
    address = f"{back}?{urlsplit(came_back).query}"
    token = flow.exchange(address)["access_token"]
    assert bearer(token).get(f"/api/1/organizations/{chosen.pk}/products").status_code == 200
    assert OAuthConsent.objects.get().bound_organization_id == chosen.pk

    page.goto(site.address("/profile/applications/"))
    page.get_by_role("link", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(page.get_by_text("No application acts for you")).to_be_visible()
    assert bearer(token).get(f"/api/1/organizations/{chosen.pk}/products").status_code == 401
