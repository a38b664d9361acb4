"""What a member keeps for the lists: filters by name, one the default, and columns (UI-2)."""

from django.test import Client

from manager.kit.scope import tenant_scope
from organizations.members.services import remove_members
from organizations.profile.models import Organization
from products.lists.models import SavedFilter
from tests.factories.cast import AT, client_of, make_member
from tests.factories.members import actor_of, first_representative
from tests.factories.products import make_product
from tests.products.inventory.pages import get, names_on, products_url

NAMES = ["alpha.example", "beta.example"]


def kept_in(organization: Organization) -> list[SavedFilter]:
    with tenant_scope(organization.pk):
        return list(SavedFilter.objects.order_by("pk"))


def test_a_filter_is_saved_applied_renamed_and_deleted(alice: Client, organization: Organization) -> None:
    """UI-2: a default one applies when the list is opened without a filter, and can be passed by."""
    for name in NAMES:
        make_product(organization, name=name)
    url = products_url(organization)
    body = {"family": "", "query": "q=alpha&sort=-name&after=x", "name": "Mine"}
    assert alice.post(f"{url}filters/save/", body).headers["Location"] == f"{url}?q=alpha&sort=-name"
    assert alice.post(f"{url}filters/save/", {**body, "name": "mine"}).status_code == 422
    (kept,) = kept_in(organization)
    assert names_on(get(alice, url), NAMES) == NAMES
    assert "Mine" in get(alice, url)
    alice.post(f"{url}filters/{kept.pk}/default/", {"default": "on"})
    assert names_on(alice.get(url, follow=True).content.decode(), NAMES) == NAMES[:1]
    assert names_on(get(alice, url, sort="expires_on"), NAMES) == NAMES
    alice.post(f"{url}filters/{kept.pk}/", {"name": "Yours"})
    assert "Yours" in get(alice, f"{url}filters/")
    alice.post(f"{url}filters/{kept.pk}/delete/")
    assert kept_in(organization) == []
    assert names_on(get(alice, url), NAMES) == NAMES


def test_what_is_kept_is_the_members_alone_and_ends_with_the_membership(
    alice: Client, organization: Organization
) -> None:
    """ORG-17: another member neither sees nor changes it; who leaves takes it along."""
    url = products_url(organization)
    bob = make_member(organization, "administrator")
    client = client_of(bob)
    client.post(f"{url}filters/save/", {"query": "renewal=on", "name": "Bobs", "is_default": "on"})
    (kept,) = kept_in(organization)
    assert "Bobs" not in get(alice, f"{url}filters/")
    for path in ("", "default/", "delete/"):
        assert alice.post(f"{url}filters/{kept.pk}/{path}", {"name": "X"}).status_code == 404
    alice_leads = first_representative(organization)
    with tenant_scope(organization.pk):
        own = bob.memberships.get().pk
    remove_members(
        organization_id=organization.pk,
        membership_ids=[own],
        remover=alice_leads,
        actor=actor_of(alice_leads.user),
        at=AT,
    )
    assert kept_in(organization) == []


def test_a_filter_that_the_list_does_not_offer_is_not_kept(alice: Client, organization: Organization) -> None:
    """INC-34."""
    url = products_url(organization, "filters/save/")
    assert alice.post(url, {"query": "sort=organization__name", "name": "X"}).status_code == 400
    assert alice.post(url, {"query": "q=a", "name": "X", "family": "none"}).status_code == 404
    assert kept_in(organization) == []


def test_columns_are_chosen_and_kept(alice: Client, organization: Organization) -> None:
    """UI-2: the name stays; a column that there is not is refused."""
    make_product(organization, name="alpha.example")
    url = products_url(organization)
    assert ">Price</th>" in get(alice, url)
    assert alice.post(f"{url}columns/", {"columns": ["reference", "status"]}).status_code == 302
    html = get(alice, url)
    assert ">Own reference</th>" in html
    assert ">Price</th>" not in html
    assert "alpha.example" in html
    assert alice.post(f"{url}columns/", {"columns": ["password"]}).status_code == 422
    assert client_of(make_member(organization, "administrator")).get(url).content.count(b">Price</th>") == 1
