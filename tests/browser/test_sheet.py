"""The organization's logo and its end, in the browser (ORG-5, ORG-14)."""

import io
from pathlib import Path

from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from organizations.profile.models import Organization
from tests.browser.story import sign_in
from tests.factories.cast import make_tenant
from tests.factories.people import PASSWORD, register
from tests.fixtures.http import Site


def test_a_logo_is_uploaded_and_the_organization_deleted(page: Page, site: Site, tmp_path: Path) -> None:
    """ORG-5, ORG-14: from the picture at the top left to the last step of the wizard."""
    user = register(first_name="Lea", last_name="Frei")
    organization = make_tenant(user, name="Example AG")
    out = io.BytesIO()
    Image.new("RGBA", (400, 80), "#2a6f4e").save(out, "PNG")
    picture = tmp_path / "logo.png"
    picture.write_bytes(out.getvalue())
    sign_in(page, user.email, PASSWORD)
    page.goto(reverse("organizations:settings", args=[organization.pk]))
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_role("button", name="Upload the logo").click()
    logo = page.locator(".switcher__button img")
    expect(logo).to_be_visible()
    assert logo.evaluate("image => image.complete && image.naturalWidth") == 400
    page.locator("input[type=file]").set_input_files(
        {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg onload=alert(1)>"}
    )
    page.get_by_role("button", name="Replace the logo").click()
    expect(page.locator("main")).to_contain_text("is not a PNG, JPEG, WebP or GIF picture")
    page.goto(reverse("organizations:deletion", args=[organization.pk]))
    expect(page.locator("main table")).to_contain_text("Met")
    page.get_by_role("link", name="Delete the organization").click()
    if page.locator("input[name=password]").count():
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=name]").fill("Example AG")
    page.get_by_role("button", name="Delete the organization").click()
    page.wait_for_url("**/organizations/")
    row = Organization.objects.using("system").get(pk=organization.pk)
    assert row.deleted_at is not None
