"""Tags of products: made, put on, searched by, over pages and the API (PRD-2, UI-2, ORG-13)."""

from typing import Any

from django.db import transaction
from django.test import Client

from accounts.users.models import User
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.lists.models import ProductTag, Tag
from products.transfer.services.move import put_in, take_out
from tests.factories.cast import AT, client_of, grant, make_member, make_tenant
from tests.factories.products import make_product
from tests.factories.tokens import token_client
from tests.products.inventory.pages import get, names_on, products_url

NAMES = ["alpha.example", "beta.example"]


def tags_in(organization: Organization) -> dict[str, list[str]]:
    with tenant_scope(organization.pk):
        places = ProductTag.objects.order_by("product__name", "tag__name").select_related("product", "tag")
        found: dict[str, list[str]] = {}
        for place in places:
            found.setdefault(place.product.name, []).append(place.tag.name)
    return found


def put(client: Client, organization: Organization, ids: list[int], **data: object) -> int:
    body = {"asked": "yes", "selected": ids, **data}
    return client.post(products_url(organization, "tags/put/"), body).status_code


def test_a_new_tag_is_made_put_on_filtered_by_and_taken_off(
    alice: Client, organization: Organization
) -> None:
    """UI-2: in bulk, with one event of the log for each product that changed."""
    first, second = (make_product(organization, name=name) for name in NAMES)
    page = alice.post(products_url(organization, "tags/put/"), {"selected": [first.pk, second.pk]})
    assert "2 products are selected" in page.content.decode()
    assert put(alice, organization, [first.pk, second.pk], name="  Urgent ") == 302
    assert tags_in(organization) == {name: ["Urgent"] for name in NAMES}
    # The same word in another case is the same tag.
    assert put(alice, organization, [first.pk], name="URGENT") == 302
    with tenant_scope(organization.pk):
        tag = Tag.objects.get()
        assert AuditEvent.objects.filter(name="product.tagged").count() == 2
    assert put(alice, organization, [second.pk], remove=[tag.pk]) == 302
    assert names_on(get(alice, products_url(organization), tag=str(tag.pk)), NAMES) == NAMES[:1]
    assert "Urgent" in get(alice, products_url(organization, f"{first.pk}/"))
    assert "Urgent" in alice.get(products_url(organization), {"format": "csv"}).content.decode()


def test_a_tag_is_renamed_and_deleted_by_those_who_lead(alice: Client, organization: Organization) -> None:
    """ORG-13: a name is there once; deleting takes it off all products."""
    product = make_product(organization)
    put(alice, organization, [product.pk], name="Web")
    put(alice, organization, [product.pk], name="Shop")
    with tenant_scope(organization.pk):
        web = Tag.objects.get(name="Web")
    url = products_url(organization, f"tags/{web.pk}/")
    assert alice.post(url, {"name": "shop", "color": "red"}).status_code == 422
    assert alice.post(url, {"name": "Sites", "color": "red"}).status_code == 302
    assert "Sites" in get(alice, products_url(organization, "tags/"))
    assert alice.post(f"{url}delete/").status_code == 302
    assert list(tags_in(organization).values()) == [["Shop"]]


def test_a_member_tags_what_he_manages_and_sees_no_other_tag(
    alice: Client, organization: Organization
) -> None:
    """ORG-13: of products out of sight neither the names nor the tags are told."""
    seen, hidden = (make_product(organization, name=name) for name in NAMES)
    put(alice, organization, [hidden.pk], name="Secret")
    bob = make_member(organization)
    grant(organization, bob, product_id=seen.pk)
    client = client_of(bob)
    assert put(client, organization, [seen.pk], name="Mine") == 403
    carl = make_member(organization, name="Carl Weber")
    grant(organization, carl, "manage", product_id=seen.pk)
    client = client_of(carl)
    assert put(client, organization, [seen.pk], name="Mine") == 302
    assert put(client, organization, [seen.pk, hidden.pk], name="Mine") == 404
    html = get(client, products_url(organization, "tags/"))
    assert "Mine" in html
    assert "Secret" not in html + get(client, products_url(organization))
    assert client.get(products_url(organization, "tags/new/")).status_code == 403


def test_a_transferred_product_leaves_tags_and_own_words_behind(
    alice: Client, organization: Organization
) -> None:
    """ORG-17."""
    product = make_product(organization)
    put(alice, organization, [product.pk], name="Ours")
    url = products_url(organization, f"{product.pk}/rename/")
    alice.post(url, {"name": product.name, "internal_name": "Front", "reference": "PO 7"})
    other = make_tenant()
    with transaction.atomic():
        with tenant_scope(organization.pk):
            luggage = take_out(type(product).objects.get(pk=product.pk))
        with tenant_scope(other.pk):
            moved = put_in(luggage, organization=other, at=AT)
        assert (moved.internal_name, moved.reference) == ("", "")
    assert tags_in(organization) == tags_in(other) == {}


def test_tags_and_own_words_go_over_the_api_as_well(owner: User, organization: Organization) -> None:
    """API-1."""
    product, other = (make_product(organization, name=name) for name in NAMES)
    base = f"/api/1/organizations/{organization.pk}"
    api = token_client(owner, "products:read", "products:write")
    json = {"content_type": "application/json"}
    made = api.post(f"{base}/tags", {"name": "Web", "color": "teal"}, **json)
    assert made.status_code == 201
    several = {"tags": ["web", "New", "Web"]}
    assert api.put(f"{base}/products/{product.pk}/tags", several, **json).status_code == 200
    tag = made.json()["data"]["id"]
    listed = api.get(f"{base}/products?filter[tag]={tag}").json()["data"]
    assert [(row["id"], [one["name"] for one in row["tags"]]) for row in listed] == [
        (product.pk, ["New", "Web"])
    ]
    words = {"internal_name": "Front", "reference": "PO 7"}
    changed = api.patch(f"{base}/products/{other.pk}", words, **json)
    assert changed.json()["data"]["reference"] == "PO 7"
    found = api.get(f"{base}/products?search=po%207").json()["data"]
    assert [row["id"] for row in found] == [other.pk]
    assert api.patch(f"{base}/tags/{tag}", {"name": "new"}, **json).status_code == 422
    assert api.delete(f"{base}/tags/{tag}").status_code == 200
    assert api.get(f"{base}/products?filter[tag]={tag}").json()["data"] == []


def test_a_script_puts_tags_on_many_products_at_once(owner: User, organization: Organization) -> None:
    """API-1: as the bar above the list does; all or none, and nothing of others (INC-1)."""
    first, second = (make_product(organization, name=name) for name in NAMES)
    foreign = make_product(make_tenant())
    script = token_client(owner, "products:write")

    def send(*ids: int, **names: list[str]) -> tuple[int, Any]:
        answer = script.post(
            f"/api/1/organizations/{organization.pk}/product-tags",
            {"product_ids": ids, **names},
            content_type="application/json",
        )
        return answer.status_code, answer.json().get("data")

    assert send(first.pk, second.pk, add=["Urgent", "urgent", "Web"]) == (200, {"changed": 2})
    assert tags_in(organization) == {name: ["Urgent", "Web"] for name in NAMES}
    assert send(first.pk, second.pk, add=["Web"], remove=["URGENT", "web", "none"]) == (200, {"changed": 2})
    assert tags_in(organization) == {name: ["Web"] for name in NAMES}
    assert send(first.pk, add=["Web"]) == (200, {"changed": 0})
    assert send(first.pk, foreign.pk, add=["New"])[0] == 404
    assert [send(*ids)[0] for ids in ((), range(1, 102))] == [422, 422]
    with tenant_scope(organization.pk):
        assert set(Tag.objects.values_list("name", flat=True)) == {"Urgent", "Web"}
    bob = make_member(organization)
    grant(organization, bob, product_id=first.pk)
    other = token_client(bob, "products:write")
    body = {"product_ids": [first.pk], "remove": ["Web"]}
    path = f"/api/1/organizations/{organization.pk}/product-tags"
    assert other.post(path, body, content_type="application/json").status_code == 403
    assert tags_in(organization) == {name: ["Web"] for name in NAMES}
