"""An organization's home: its tiles share each width evenly (UI-5)."""

import pytest
from django.conf import settings

from manager.kit.clock import now
from tests.browser.hands import lend_session
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.products import make_many_products, make_plan

FAMILIES = ("collaboration", "web", "cloud", "events", "streaming")
# From the widest to a phone, each step less than what a tile needs.
WIDTHS = range(1500, 340, -40)

ROWS = """selector => [...document.querySelectorAll(selector)].map(frame => {
    const rows = {};
    for (const tile of frame.children) {
        const box = tile.getBoundingClientRect();
        (rows[Math.round(box.top)] ??= []).push([box.left, box.right]);
    }
    const edge = frame.getBoundingClientRect();
    return Object.values(rows).map(row => ({
        count: row.length,
        hole: Math.round(edge.right - row.at(-1)[1]) + Math.round(row[0][0] - edge.left),
    }));
})"""


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_families_leave_no_hole_at_any_width(site, context, page, language):
    """UI-5: five are three and two, or two, two and a wide one, or one below another; never four and one."""
    owner = make_person(language=language)
    organization = make_tenant(owner)
    for family in FAMILIES:
        make_many_products(organization, 1, plan=make_plan(family=family), begin=now().date())
    lend_session(context, site, client_of(owner))
    page.goto(site.address(f"/o/{organization.pk}/"))
    found = set()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        (rows,) = page.evaluate(ROWS, ".grid-even")
        assert [row["hole"] for row in rows] == [0] * len(rows), f"at {width}"
        found.add(tuple(row["count"] for row in rows))
    assert found == {(3, 2), (2, 2, 1), (1,) * 5}


@pytest.mark.parametrize("number", range(1, 10))
def test_any_few_things_share_their_rows(site, context, page, number):
    """UI-5: where two rows can share, nobody is alone in the last one."""
    owner = make_person()
    organization = make_tenant(owner)
    lend_session(context, site, client_of(owner))
    page.goto(site.address(f"/o/{organization.pk}/"))
    page.evaluate(
        """number => {
            const frame = document.querySelector(".grid-even");
            frame.replaceChildren(...Array.from({length: number}, () => document.createElement("div")));
            for (const tile of frame.children) tile.textContent = "A tile";
        }""",
        number,
    )
    for width in (1600, 1280, 1024, 768):
        page.set_viewport_size({"width": width, "height": 800})
        (rows,) = page.evaluate(ROWS, ".grid-even")
        counts = [row["count"] for row in rows]
        assert max(counts) <= 4
        assert counts[-1] > 1 or number % 2 == 1, f"{counts} at {width}"
