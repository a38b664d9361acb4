"""Scripts in every text of every row: none runs on a page, in a mail or in a document (INC-30)."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page
from pypdf import PdfReader

from tests.browser.hands import lend_session
from tests.browser.scripts import PAYLOADS, write_scripts
from tests.factories.people import mails
from tests.fixtures.http import Site
from tests.hostile.keys import KEYS, bring_people, sign_in_again
from tests.isolation.expectations import PAGES, PERSONAL
from tests.isolation.matrix import Report, Route, Target, walk_routes
from tests.isolation.world import World, build_world

pytestmark = pytest.mark.usefixtures("psp")

WATCH = """
    window.__reports = [];
    document.addEventListener("securitypolicyviolation", (report) =>
        window.__reports.push(report.violatedDirective + " " + report.blockedURI));
"""
# Elements of ours, and attributes that htmx acts upon.
BEHAVIOUR = re.compile(r"<([a-z]+-[a-z-]+)|\b(hx-[a-z-]+)=")
# What a script left behind, or would have run by: handlers and addresses that only scripts have.
LOOK = """() => {
    const found = [...(window.__reports ?? [])];
    if (window.__xss !== undefined) found.push("a script ran");
    for (const one of document.querySelectorAll("*")) {
        for (const { name, value } of one.attributes) {
            if (name.startsWith("on")) found.push(`<${one.localName} ${name}>`);
            if (/^\\s*javascript:/i.test(value) && ["href", "src", "action", "formaction"].includes(name))
                found.push(`<${one.localName} ${name}=${value}>`);
        }
        if (one.matches("script:not([src]):not([type='application/json']), base, embed, object, [srcdoc]"))
            found.push(`<${one.localName}>`);
        // The name in a query is a text as any other; the host is what is asked.
        const asked = [one.src, one.href].filter((to) => typeof to === "string");
        if (asked.some((to) => /^\\w+:\\/\\/evil\\.example\\b/.test(to)))
            found.push(`<${one.localName}> of another site`);
    }
    return found;
}"""


@pytest.fixture
def poisoned(superuser_connection: psycopg.Connection, psp: object) -> World:
    """Return a world with objects of every kind, all of whose texts are scripts."""
    world = build_world()
    bring_people(world)
    for route in _reading():
        _path(world, route)
    written = write_scripts(superuser_connection)
    sign_in_again(world, "LR+")
    assert len(written) >= 50, written
    assert {
        "organizations_organization.name",
        "accounts_user.last_name",
        "organizations_team.name",
        "products_product.name",
        "billing_invoiceline.description",
    } <= set(written)
    return world


def _reading() -> Iterator[Route]:
    for route in walk_routes():
        if "GET" in PAGES.get(route.name, ()) or "GET" in PERSONAL.get(route.name, ()):
            yield route


def _path(world: World, route: Route) -> str:
    own, kinds = world.own, {name: (route.key, name) for name in route.parameters}
    known = {name: KEYS[key](world, own, {}) for name, key in kinds.items() if key in KEYS}
    if len(known) < len(kinds) and "organization_id" not in kinds:
        return ""
    return route.address(known or Target(world, route, own, own).values())


def test_scripts_in_texts_run_nowhere(
    poisoned: World, context: BrowserContext, page: Page, site: Site, report: Report
) -> None:
    """INC-30: pages of the organization and the person, all mails, the documents."""
    client = poisoned.client("LR+")
    lend_session(context, site, client)
    context.add_init_script(WATCH)
    # The look of the pages is no matter here, and takes most of the time.
    context.route(re.compile(r"\.(css|woff2|png|svg)(\?|$)"), lambda asked: asked.abort())
    page.on(
        "dialog", lambda dialog: (report.judge(ok=False, case=f"a dialog on {page.url}"), dialog.dismiss())
    )
    page.on("request", lambda asked: report.judge("evil.example" not in asked.url, f"asked for {asked.url}"))
    seen, behaviours = 0, set[tuple[str, str]]()
    for route in _reading():
        path = _path(poisoned, route)
        if not path:
            continue
        answer = client.get(path)
        if answer.status_code == 200 and route.name.endswith("_pdf"):
            _read_document(answer, route, report)
        elif answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
            _show(page, path, answer.content.decode(), behaviours)
            _look(page, route.name, report)
            seen += 1
    assert seen >= 60
    assert len(behaviours) >= 10
    _read_mails(page, report)
    report.close(f"{len(PAYLOADS)} scripts on {seen} pages")


@pytest.fixture
def report() -> Report:
    """Return an empty report."""
    return Report()


def _show(page: Page, path: str, html: str, behaviours: set[tuple[str, str]]) -> None:
    """Open the page where its elements have a behaviour that no page before had, else show its markup alone.

    A script in a text runs by the markup, without any policy in its way, or by what an element of ours makes
    of it; that takes the real page, which is much the slower.
    """
    found = set(BEHAVIOUR.findall(html))
    if found <= behaviours:
        page.goto("about:blank")
        page.set_content(html, wait_until="domcontentloaded")
        return
    page.goto(path, wait_until="load")
    behaviours |= found


def _look(page: Page, what: str, report: Report) -> None:
    found = page.evaluate(LOOK)
    report.judge(not found, f"{what}: {found}")


def _read_mails(page: Page, report: Report) -> None:
    """Show every mail that the events of the world give, as a reader without any policy would."""
    written = mails()
    assert len({mail.template for mail in written}) >= 5
    assert any("&lt;" in mail.html for mail in written)
    page.goto("about:blank")
    for mail in written:
        page.set_content(mail.html, wait_until="load")
        _look(page, f"mail {mail.template}", report)


def _read_document(answer: Any, route: Route, report: Report) -> None:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    reader = PdfReader(BytesIO(data))
    text = "".join(one.extract_text() for one in reader.pages)
    # Which script a text got is a matter of how many rows there are; each has one of these marks.
    is_there = "<" in text or "__xss" in "".join(text.split())
    report.judge(is_there, f"{route.name}: the texts are not in the document")
    report.judge(
        not any(word in data for word in (b"/JavaScript", b"/JS", b"/Launch")), f"{route.name}: runs"
    )


def test_the_look_finds_what_runs(page: Page, site: Site) -> None:
    """The crawl can fail: a text that nobody escaped is seen."""
    page.goto("about:blank")
    for payload in ("<img src=x onerror=window.__xss=1>", "<a href=javascript:window.__xss=1>x</a>"):
        page.set_content(f"<p>{payload}</p>")
        assert page.evaluate(LOOK)
    page.set_content("<p>&lt;img src=x onerror=window.__xss=1&gt;</p>")
    page.goto("about:blank")
    assert page.evaluate(LOOK) == []
