"""Members, invitations, leaving and the second factor over REST (API-2)."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.tokens.scopes import Scope
from manager.kit.clock import now
from organizations.access.roles import Role
from tests.factories.cast import make_member, make_person, make_tenant
from tests.factories.members import first_representative, invite, membership_of
from tests.factories.tokens import token_client
from tests.isolation.world import make_token


@pytest.fixture
def organization():
    return make_tenant(make_person("Alice Meier"))


@pytest.fixture
def call(client, organization):
    user = first_representative(organization).user
    secret = make_token(user, scopes=tuple(Scope.values))[1]

    def send(method, path, data=None, *, who=None):
        token = secret if who is None else make_token(who, scopes=tuple(Scope.values))[1]
        return getattr(client, method)(
            f"/api/1/organizations/{organization.pk}/{path}",
            data,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    return send


class TestMembers:
    def test_are_read_changed_and_removed(self, organization, call):
        """ORG-8, ORG-10, ORG-11"""
        bob = make_member(organization)
        path = f"members/{membership_of(organization, bob).pk}"
        assert call("get", path).json()["data"]["topics"] == []
        change = {"role": "administrator", "has_billing": True, "topics": ["billing"]}
        changed = call("patch", path, change).json()["data"]
        assert (changed["role"], changed["has_billing"], changed["topics"]) == (
            "administrator",
            True,
            ["billing"],
        )
        assert call("delete", path).status_code == 200
        assert membership_of(organization, bob) is None

    def test_choose_their_own_mails(self, organization, client):
        """ORG-11: without the right to manage members, and only with the billing right what tells amounts."""
        bob = make_member(organization)
        script = token_client(bob, "organizations:read", "organizations:write")
        path = f"/api/1/organizations/{organization.pk}/own-topics"
        chosen = script.put(path, {"topics": ["technical"]}, content_type="application/json")
        assert chosen.json()["data"] == script.get(path).json()["data"] == {"topics": ["technical"]}
        refused = script.put(path, {"topics": ["billing"]}, content_type="application/json")
        assert refused.status_code == 409

    def test_change_all_or_nothing(self, organization, call):
        """ORG-11: the mail needs the billing right, so the role stays as well."""
        bob = make_member(organization)
        path = f"members/{membership_of(organization, bob).pk}"
        answer = call("patch", path, {"role": "external", "topics": ["billing"]})
        assert answer.status_code == 409
        assert membership_of(organization, bob).role == Role.COLLABORATOR

    @pytest.mark.parametrize("data", [{"role": "king"}, {"topics": ["gossip"]}, {"topics": "legal"}])
    def test_refuse_what_there_is_not(self, organization, call, data):
        """API-4"""
        path = f"members/{membership_of(organization, make_member(organization)).pk}"
        assert call("patch", path, data).status_code == 422

    def test_leave_nothing_of_other_fields_changed(self, organization, call):
        """INC-2: organization and user are not to be sent."""
        bob, other = make_member(organization), make_tenant()
        path = f"members/{membership_of(organization, bob).pk}"
        before = membership_of(organization, bob)
        call("patch", path, {"organization": other.pk, "user": 1, "user_id": 1, "email": "x@example.com"})
        after = membership_of(organization, bob)
        assert (after.user_id, after.user.email) == (before.user_id, before.user.email)
        assert membership_of(other, bob) is None

    def test_of_another_organization_are_missing(self, organization, call):
        """INC-2"""
        other = make_tenant()
        path = f"members/{membership_of(other, make_member(other)).pk}"
        for method in ("get", "patch", "delete"):
            assert call(method, path, {}).status_code == 404
        assert call("get", f"members/{2**63}").status_code == 404

    def test_are_filtered(self, organization, call):
        """API-2"""
        make_member(organization, name="Bob Rossi")
        assert [row["last_name"] for row in call("get", "members?search=rossi").json()["data"]] == ["Rossi"]

    def test_leave(self, organization, call):
        """ORG-2"""
        bob = make_member(organization)
        assert call("post", "leave", who=bob).status_code == 200
        assert membership_of(organization, bob) is None
        answer = call("post", "leave")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last_representative")


class TestInvitations:
    def test_are_sent_again_and_withdrawn(self, organization, call):
        """ORG-7"""
        waiting = invite(organization, "bob@example.com", at=now())
        path = f"invitations/{waiting.pk}"
        before = call("get", path).json()["data"]["expires_at"]
        assert call("post", f"{path}/resend").json()["data"]["expires_at"] > before
        assert call("delete", path).status_code == 200
        assert call("get", path).status_code == 404
        assert call("post", f"{path}/resend").status_code == 404

    @pytest.mark.parametrize(
        "more",
        [
            {"grants": [{"product": 999_999}]},
            {"grants": [{"family": "none"}]},
            {"grants": [{}]},
            {"teams": [999_999]},
            {"topics": ["gossip"]},
        ],
    )
    def test_give_nothing_that_is_not_there(self, call, more):
        """INC-3"""
        data = {"emails": ["bob@example.com"], "role": "external", **more}
        assert call("post", "invitations", data).status_code == 422


def test_a_second_factor_is_required_and_lifted(organization, call):
    """INC-14"""
    data = {"roles": ["external"], "required_on": now().date().isoformat()}
    assert call("put", "second-factor-policy", data).status_code == 409
    TOTPDevice.objects.create(user=first_representative(organization).user, confirmed=True, name="Phone")
    data["required_on"] = "2000-01-01"
    assert call("put", "second-factor-policy", data).status_code == 422
    data["required_on"] = now().date().replace(month=12, day=31).isoformat()
    assert call("put", "second-factor-policy", data).json()["data"]["roles"] == ["external"]
    assert call("delete", "second-factor-policy").status_code == 200
    assert call("get", "second-factor-policy").status_code == 404
