"""Lists stay within their frame in every language and at every width (UI-2, UI-3)."""

from datetime import timedelta

import pytest
from django.conf import settings

from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from tests.browser.hands import lend_session
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import now
from tests.factories.products import make_many_products, make_plan
from tests.factories.zones import make_domain

WIDTHS = (1440, 1366, 1280, 1180, 1080, 1024, 900, 800, 600, 390)
BEYOND = """() => {
    const frame = document.querySelector(".table-frame");
    return frame.querySelector("table").offsetWidth - frame.clientWidth;
}"""


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_list_of_products_stays_within_its_frame(site, context, page, language):
    """UI-3: with the longest states and days of each language, from a wide screen to a phone."""
    owner = make_person(language=language)
    organization = make_tenant(owner)
    make_many_products(organization, 6, plan=make_plan(), begin=now().date() - timedelta(days=400))
    with tenant_scope(organization.pk):
        Product.objects.update(status=ProductStatus.REDEMPTION)
    lend_session(context, site, client_of(owner))
    page.goto(site.address(f"/o/{organization.pk}/products/"))
    beyond = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        beyond[width] = page.evaluate(BEYOND)
    assert {width: more for width, more in beyond.items() if more > 0} == {}


def test_a_phone_shows_which_tab_is_open(site, context, page):
    """UI-5: the last of a domain's tabs lies beyond a phone's edge, and is scrolled into sight."""
    owner = make_person(language="de")
    organization = make_tenant(owner)
    domain = make_domain(organization, at=now())
    lend_session(context, site, client_of(owner))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.address(f"/o/{organization.pk}/products/{domain.product_id}/domain-transfer/"))
    present = page.locator(".tabs__tab[aria-current]")
    page.wait_for_function("document.querySelector('.tabs').scrollLeft > 0")
    place = present.bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 390
