"""The components in a browser: legible, by keyboard, on a phone, with and without scripts (UI-5)."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.http import Site

PAGES = ("", "list/", "entry/", "shop/", "empty/", "dialog/", "403/")
TEXT_CONTRAST = """
(hue) => {
  document.documentElement.style.setProperty("--accent-h", hue);
  const probe = document.body.appendChild(document.createElement("span"));
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const luminance = (token) => {
    probe.style.color = `var(${token})`;
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const part = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map(part);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const pairs = [["--accent-on", "--accent"], ["--accent-on", "--accent-hover"],
    ["--accent-on", "--accent-pressed"], ["--accent-text", "--surface"],
    ["--accent-text", "--surface-back"], ["--accent-text", "--accent-soft"]];
  const result = {};
  for (const [front, back] of pairs) {
    const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    result[`${front} on ${back}`] = (light + 0.05) / (dark + 0.05);
  }
  probe.remove();
  return result;
}
"""


def open_styleguide(page: Page, path: str = "", *, theme: str = "light") -> None:
    """Open a page of the styleguide in a theme."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/styleguide/{path}?theme={theme}", wait_until="load")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_breaks_no_accessibility_rule(page: Page, path: str, theme: str) -> None:
    """UI-5: WCAG 2.2 AA as far as it can be measured, in both themes."""
    open_styleguide(page, path, theme=theme)
    results = Axe().run(page, options={"preload": False})
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_stays_legible_with_every_accent_of_an_operator(page: Page, theme: str) -> None:
    """UI-5: the operator chooses the hue; lightness is ours, so text keeps a contrast of 4.5."""
    open_styleguide(page, theme=theme)
    for hue in range(0, 360, 20):
        for pair, contrast in page.evaluate(TEXT_CONTRAST, hue).items():
            assert contrast >= 4.5, f"{pair} at hue {hue}, {theme}: {contrast:.2f}"


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1024, 1440])
@pytest.mark.parametrize("path", ["", "list/", "shop/", "entry/"])
def test_never_scrolls_sideways(page: Page, path: str, width: int) -> None:
    """UI-5: from 320 px on (which is 1280 px at 400 % zoom) everything fits the width."""
    page.set_viewport_size({"width": width, "height": 800})
    open_styleguide(page, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


class TestActionMenu:
    """c-action-menu by keyboard."""

    def test_opens_and_moves_with_the_arrow_keys(self, page: Page) -> None:
        """UI-5: without a mouse."""
        open_styleguide(page, "list/")
        button = page.get_by_role("button", name="Actions for vps-build-01")
        button.focus()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("link", name="Rename")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("button", name="Renew").and_(page.locator(".menu__item"))).to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()


class TestBulkBar:
    """c-table with c-bulk-bar."""

    def test_counts_what_is_selected(self, page: Page) -> None:
        """UI-2: the bar shows with a count and goes with the last one."""
        open_styleguide(page, "list/")
        bar = page.get_by_role("form", name="Selection")
        expect(bar).to_be_hidden()
        page.get_by_role("checkbox", name="Select all").check()
        expect(bar).to_contain_text("4 selected")
        page.get_by_role("checkbox", name="Select vps-build-01").uncheck()
        expect(bar).to_contain_text("3 selected")
        page.get_by_role("button", name="Clear the selection").click()
        expect(bar).to_be_hidden()

    def test_row_opens_by_its_main_link(self, page: Page) -> None:
        """UI-2: a click anywhere in the row opens it, a click on the box selects."""
        open_styleguide(page, "list/")
        page.get_by_text("VPS Lite").click(force=True)
        page.wait_for_url("**/styleguide/")


class TestRemoteDialog:
    """A question that is a page without scripts and a dialog with them."""

    def test_shows_the_pages_form_and_sends_it_there(self, page: Page) -> None:
        """UI-5: the same form, in a dialog that Escape closes."""
        open_styleguide(page)
        page.get_by_role("link", name="Terminate", exact=True).first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("Your password")).to_be_focused()
        assert dialog.locator("form").get_attribute("action").endswith("/styleguide/dialog/")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_switcher_finds_an_organization_without_its_accents(page: Page) -> None:
    """ORG-1: type to filter."""
    open_styleguide(page, "list/")
    page.get_by_role("button", name="Organization: Atelier Nord").click()
    page.get_by_role("searchbox", name="Find an organization").fill("backerei")
    expect(page.locator(".switcher__item:visible")).to_have_count(1)


class TestWithoutScripts:
    """The same pages where scripts are off."""

    @pytest.fixture
    def plain(self, browser: Browser, site: Site) -> Iterator[Page]:
        """A page without scripts, as wide as a phone."""
        context = browser.new_context(
            base_url=site.url, java_script_enabled=False, viewport={"width": 390, "height": 800}
        )
        yield context.new_page()
        context.close()

    def test_menu_opens(self, plain: Page) -> None:
        """UI-5: the drawer is a popover."""
        plain.goto("/styleguide/list/")
        expect(plain.get_by_role("link", name="Invoice history")).to_be_hidden()
        plain.get_by_role("button", name="Menu", exact=True).click()
        expect(plain.get_by_role("link", name="Invoice history")).to_be_visible()

    def test_selection_can_be_sent(self, plain: Page) -> None:
        """UI-2: the bulk bar stands below the list."""
        plain.goto("/styleguide/list/")
        expect(plain.get_by_role("form", name="Selection")).to_be_visible()
