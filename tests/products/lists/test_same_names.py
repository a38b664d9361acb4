"""Names of tags and filters that differ by case alone, in letters that have more than one of it (UI-2)."""

import json
from typing import Any

import pytest

from accounts.users.models import User
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.lists.models import Tag
from tests.factories.products import make_product
from tests.factories.tokens import token_client

# Each two of one small letter; the capitals of the first two differ.
PAIRS = [("Straße", "STRAẞE"), ("İstanbul", "Istanbul"), ("Web", "WEB")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_names_of_one_small_writing_are_one_tag(
    owner: User, organization: Organization, first: str, second: str
) -> None:
    """UI-2: whichever of them a program or a person writes; the database knows only one."""
    product = make_product(organization)
    script = token_client(owner, "products:write")

    def send(path: str, body: dict[str, Any]) -> int:
        address = f"/api/1/organizations/{organization.pk}/{path}"
        return script.post(address, json.dumps(body), content_type="application/json").status_code

    assert send("product-tags", {"product_ids": [product.pk], "add": [first, second]}) == 200
    with tenant_scope(organization.pk):
        tag = Tag.objects.get(organization_id=organization.pk)
    assert tag.name == first
    assert send("product-filters", {"name": first}) == 201
    assert send("product-filters", {"name": second}) == 422
    assert send("product-tags", {"product_ids": [product.pk], "remove": [second]}) == 200
    with tenant_scope(organization.pk):
        assert not tag.places.exists()


def test_small_letters_that_differ_are_two_tags(owner: User, organization: Organization) -> None:
    """UI-2: although they have one capital; the first is not put on in place of the second."""
    product = make_product(organization)
    answer = token_client(owner, "products:write").post(
        f"/api/1/organizations/{organization.pk}/product-tags",
        json.dumps({"product_ids": [product.pk], "add": ["Kıla", "Kila"]}),
        content_type="application/json",
    )
    assert answer.status_code == 200
    with tenant_scope(organization.pk):
        assert {tag.name for tag in Tag.objects.filter(organization_id=organization.pk)} == {"Kıla", "Kila"}
