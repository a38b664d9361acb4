"""Teams, grants, requests and reasons over REST (API-2, ORG-12, ORG-13)."""

import pytest

from organizations.access.roles import Role
from organizations.grants.rules import Target
from tests.factories.access import ask, give, present
from tests.factories.cast import make_member, make_tenant
from tests.factories.members import first_representative, membership_of
from tests.factories.products import make_product
from tests.factories.tokens import token_client

JSON = "application/json"


@pytest.fixture
def organization():
    return make_tenant()


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


@pytest.fixture
def api(organization):
    user = first_representative(organization).user
    return token_client(user, "organizations:read", "organizations:write")


def url(organization, path):
    return f"/api/1/organizations/{organization.pk}/{path}"


def test_teams_are_kept(organization, bob, api):
    """ORG-12"""
    made = api.post(url(organization, "teams"), {"name": "Designers"}, content_type=JSON)
    assert made.status_code == 201
    team = made.json()["data"]
    one = url(organization, f"teams/{team['id']}")
    member = present(organization, bob).pk
    added = api.post(f"{one}/members", {"members": [member]}, content_type=JSON)
    assert [row["id"] for row in added.json()["data"]] == [member]
    changed = api.patch(one, {"leader_id": member, "color": "red"}, content_type=JSON).json()["data"]
    assert (changed["leader_id"], changed["color"], changed["name"]) == (member, "red", "Designers")
    assert [row["id"] for row in api.get(url(organization, "teams")).json()["data"]] == [team["id"]]
    assert api.delete(f"{one}/members/{member}").status_code == 200
    assert api.get(f"{one}/members").json()["data"] == []
    assert api.delete(one).status_code == 200
    assert api.get(one).status_code == 404


def test_grants_are_given_explained_and_ended(organization, bob, api):
    """ORG-13"""
    product, member = make_product(organization), present(organization, bob).pk
    sent = {"member": member, "what": [{"product": product.pk}], "level": "manage"}
    (grant,) = api.post(url(organization, "grants"), sent, content_type=JSON).json()["data"]
    assert (grant["member"], grant["team"], grant["product"]) == (member, None, product.pk)
    question = url(organization, f"access/why?member={member}&product={product.pk}")
    answer = api.get(question).json()["data"]
    assert answer["manage"]["allowed"] is True
    assert [reason["kind"] for reason in answer["view"]["because"]] == ["grant"]
    assert api.delete(url(organization, f"grants/{grant['id']}")).status_code == 200
    answer = api.get(question).json()["data"]
    assert (answer["view"], answer["granted_by"]) == ({"allowed": False, "because": []}, ["Alice Meier"])
    assert api.get(url(organization, "grants")).json()["data"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"member": 987_654},
        {"team": 1},
        {"what": []},
        {"what": [{"family": "web", "product": 1}]},
        {"what": [{}]},
        {"level": "x"},
        {"ends_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_grants_that_make_no_sense_are_refused(organization, bob, api, change):
    """API-1: by a code, and nothing is written."""
    product = make_product(organization)
    sent = {
        "member": present(organization, bob).pk,
        "what": [{"product": product.pk}],
        "level": "view",
        **change,
    }
    assert api.post(url(organization, "grants"), sent, content_type=JSON).status_code in {404, 422}
    assert api.get(url(organization, "grants")).json()["data"] == []


def test_requests_are_made_and_answered(organization, bob, api):
    """UI-6"""
    own = token_client(bob, "organizations:read", "organizations:write")
    asked = own.post(
        url(organization, "access-requests"), {"permission": "billing:manage"}, content_type=JSON
    )
    number = asked.json()["data"]["id"]
    answered = api.post(url(organization, f"access-requests/{number}/approve"), {}, content_type=JSON)
    assert answered.json()["data"]["status"] == "approved"
    assert membership_of(organization, bob).has_billing
    product = make_product(organization)
    give(organization, bob, Target(product_id=product.pk))
    second = ask(organization, bob, target=Target(product_id=product.pk), level="manage")
    refusal = url(organization, f"access-requests/{second.pk}/refuse")
    assert api.post(refusal, {}, content_type=JSON).status_code == 422
    assert api.post(refusal, {"answer": "No"}, content_type=JSON).json()["data"]["answer"] == "No"
    third = ask(organization, bob, target=Target(product_id=product.pk), level="manage")
    assert own.delete(url(organization, f"access-requests/{third.pk}")).status_code == 200
    listed = own.get(url(organization, "access-requests")).json()["data"]
    assert [row["status"] for row in listed] == ["withdrawn", "refused", "approved"]


def test_members_list_their_own_requests_only(organization, bob):
    """ORG-17"""
    ask(organization, make_member(organization, name="Otto Other"), permission="billing:manage")
    listed = token_client(bob, "organizations:read").get(url(organization, "access-requests"))
    assert listed.json()["data"] == []
