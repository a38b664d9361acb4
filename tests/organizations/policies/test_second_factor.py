"""Require a second factor of members, by role, with a day of grace (INC-14)."""

from datetime import timedelta

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.tokens.scopes import Scope
from manager.kit.clock import day_in, now
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.policies.models import SecondFactorPolicy
from organizations.policies.periodic import drain_factor_reminders
from organizations.policies.services import lift_second_factor, require_second_factor
from organizations.policies.services.require import (
    DayOutOfRange,
    RoleOutOfReach,
    RolesMissing,
    SetterLacksFactor,
)
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.members import actor_of, first_representative, membership_of
from tests.factories.oauth import (
    bearer,
    code_for,
    make_application,
    make_service,
    take_service_token,
    take_tokens,
)
from tests.factories.people import PASSWORD, signed_in
from tests.isolation.world import make_token

LR, A, C, E = Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR, Role.COLLABORATOR, Role.EXTERNAL


def add_factor(user):
    TOTPDevice.objects.create(user=user, confirmed=True, name="Phone")
    return user


@pytest.fixture
def organization():
    return make_tenant(add_factor(make_person("Alice Meier")), name="Example AG")


def today(organization):
    return day_in(organization.time_zone, now())


def require(organization, roles, *, days=0, setter=None, at=None):
    setter = setter or first_representative(organization)
    return require_second_factor(
        organization_id=organization.pk,
        roles=roles,
        required_on=today(organization) + timedelta(days=days),
        setter=membership_of(organization, setter.user),
        actor=actor_of(setter.user),
        at=at or now(),
    )


def access_token_of(user, organization, kind):
    """Return an access token of the kind, as its program gets it before anybody demands a factor."""
    scopes = ["organizations:read", "profile:read"]
    if kind == "service":
        return take_service_token(*make_service(user, organization, *scopes)).json()["access_token"]
    user.set_password(PASSWORD)
    user.save()
    application, secret = make_application(make_person("Dora Developer"), scopes=scopes)
    code = code_for(signed_in(user), application, str(organization.pk), scope=" ".join(scopes))
    return take_tokens(application, secret, code).json()["access_token"]


def mails(template="second_factor_required"):
    drain_outbox(at=now() + timedelta(days=40))
    return list(OutgoingMail.objects.using("system").filter(template=template).order_by("id"))


class TestRequiring:
    def test_is_refused_to_who_has_none(self, organization):
        """INC-14"""
        admin = membership_of(organization, make_member(organization, A))
        with pytest.raises(SetterLacksFactor):
            require(organization, [C], setter=admin)

    @pytest.mark.parametrize("roles", [[LR], [LR, C]])
    def test_of_representatives_is_theirs(self, organization, roles):
        """INC-5"""
        admin = membership_of(organization, add_factor(make_member(organization, A)))
        with pytest.raises(RoleOutOfReach):
            require(organization, roles, setter=admin)
        require(organization, [LR, C], days=20)
        with pytest.raises(RoleOutOfReach):
            require(organization, [C], days=20, setter=admin)
        with pytest.raises(RoleOutOfReach):
            lift_second_factor(
                organization_id=organization.pk, setter=admin, actor=actor_of(admin.user), at=now()
            )

    @pytest.mark.parametrize(
        ("roles", "days", "error"),
        [
            ([], 1, RolesMissing),
            (["king"], 1, RolesMissing),
            ([C], -1, DayOutOfRange),
            ([C], 400, DayOutOfRange),
        ],
    )
    def test_refuses_what_makes_no_sense(self, organization, roles, days, error):
        """Bad input is refused."""
        with pytest.raises(error):
            require(organization, roles, days=days)

    def test_tells_the_representatives_and_whom_it_concerns(self, organization):
        """ORG-11"""
        bob, eva = make_member(organization, C), add_factor(make_member(organization, C, name="Eva Klein"))
        require(organization, [C], days=20)
        assert [mail.recipient for mail in mails()] == [bob.email]
        told = mails("second_factor_policy_changed")
        assert [mail.recipient for mail in told] == [first_representative(organization).user.email]
        assert "Collaborator" in told[0].text
        assert eva.email not in {mail.recipient for mail in mails()}


class TestReminders:
    def test_go_out_14_7_and_1_days_before_exactly_once(self, organization):
        """INC-14"""
        bob = make_member(organization, C)
        require(organization, [C], days=20)
        sent = []
        for day in range(22):
            at = now() + timedelta(days=day)
            sent += [day] * sum(drain_factor_reminders(at=at) for _ in range(3))
        assert sent == [6, 13, 19]
        assert [mail.recipient for mail in mails()] == [bob.email] * 4

    def test_of_a_short_grace_do_not_repeat_the_announcement(self, organization):
        """INC-14"""
        make_member(organization, C)
        require(organization, [C], days=5)
        assert drain_factor_reminders(at=now()) == 0
        assert drain_factor_reminders(at=now() + timedelta(days=4)) == 1

    def test_are_not_mailed_to_who_has_set_one_up_meanwhile(self, organization):
        """INC-14"""
        bob = make_member(organization, C)
        require(organization, [C], days=20)
        assert len(mails()) == 1
        assert drain_factor_reminders(at=now() + timedelta(days=6)) == 1
        add_factor(bob)
        assert len(mails()) == 1

    def test_end_when_it_is_lifted(self, organization):
        """INC-14"""
        make_member(organization, C)
        leader = first_representative(organization)
        require(organization, [C], days=20)
        leader = membership_of(organization, leader.user)
        lift_second_factor(
            organization_id=organization.pk, setter=leader, actor=actor_of(leader.user), at=now()
        )
        assert drain_factor_reminders(at=now() + timedelta(days=6)) == 0


class TestTheGuard:
    def test_shows_a_banner_before_the_day(self, organization):
        """INC-14"""
        client = client_of(make_member(organization, C))
        require(organization, [C], days=3)
        page = client.get(f"/o/{organization.pk}/")
        assert page.status_code == 200
        assert "Please set up a second factor" in page.content.decode()

    @pytest.mark.parametrize("path", ["", "members/", "products/", "leave/"])
    def test_leads_to_the_set_up_from_the_day_on(self, organization, path):
        """INC-14: and to nothing else of this organization."""
        client = client_of(make_member(organization, C))
        require(organization, [C])
        answer = client.get(f"/o/{organization.pk}/{path}")
        assert answer.status_code == 403
        assert "/security/" in answer.content.decode()
        assert client.post(f"/o/{organization.pk}/leave/").status_code == 403

    def test_leaves_other_roles_and_who_has_one_alone(self, organization):
        """INC-14"""
        external, bob = make_member(organization, E), add_factor(make_member(organization, C))
        require(organization, [C])
        for user in (external, bob, first_representative(organization).user):
            assert client_of(user).get(f"/o/{organization.pk}/").status_code == 200

    def test_leaves_other_organizations_alone(self, organization):
        """ORG-17"""
        bob = make_member(organization, C)
        other = make_tenant(bob, name="Other AG")
        require(organization, [C])
        client = client_of(bob)
        assert client.get(f"/o/{other.pk}/").status_code == 200
        assert client.get("/organizations/").status_code == 200
        assert client.get(f"/o/{organization.pk}/").status_code == 403

    def test_opens_at_once_when_a_factor_is_set_up(self, organization):
        """INC-14"""
        bob = make_member(organization, C)
        client = client_of(bob)
        require(organization, [C])
        assert client.get(f"/o/{organization.pk}/").status_code == 403
        add_factor(bob)
        assert client.get(f"/o/{organization.pk}/").status_code == 200

    @pytest.mark.parametrize("key", ["own", "current"])
    def test_stops_the_tokens_of_who_has_none(self, organization, client, key):
        """INC-14: API keys do not pass by the second factor."""
        bob = make_member(organization, C)
        require(organization, [C])
        headers = {"Authorization": f"Bearer {make_token(bob, scopes=tuple(Scope.values))[1]}"}
        path = f"/api/1/organizations/{organization.pk if key == 'own' else key}/members"
        answer = client.get(path, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "second_factor_required"
        add_factor(bob)
        assert client.get(path, headers=headers).status_code == 200

    @pytest.mark.parametrize("kind", ["code flow", "service"])
    def test_stops_the_applications_of_who_has_none(self, organization, kind):
        """INC-14: neither what a member allowed an application nor a member's own service passes by it."""
        bob = make_member(organization, C)
        reader = bearer(access_token_of(bob, organization, kind))
        path = f"/api/1/organizations/{organization.pk}/members"
        assert reader.get(path).status_code == 200
        require(organization, [C])
        answer = reader.get(path)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "second_factor_required"
        # Elsewhere nobody demands one, and the person's own data are not the organization's.
        assert reader.get("/api/1/profile").status_code == 200
        add_factor(bob)
        assert reader.get(path).status_code == 200


class TestThePage:
    def path(self, organization):
        return f"/o/{organization.pk}/security/second-factor/"

    def test_saves_and_lifts(self, organization):
        """INC-14"""
        client = client_of(first_representative(organization).user)
        day = (today(organization) + timedelta(days=30)).isoformat()
        answer = client.post(self.path(organization), {"roles": ["administrator"], "required_on": day})
        assert answer.status_code == 302
        assert "Required from" in client.get(self.path(organization)).content.decode()
        with tenant_scope(organization.pk):
            assert SecondFactorPolicy.objects.get().roles == ["administrator"]
        client.post(f"{self.path(organization)}lift/")
        assert "Not required" in client.get(self.path(organization)).content.decode()

    @pytest.mark.parametrize(
        "fields",
        [{}, {"roles": "king", "required_on": "2030-01-01"}, {"roles": "external", "required_on": "soon"}],
    )
    def test_shows_what_is_wrong(self, organization, fields):
        """Bad input is answered with 422."""
        client = client_of(first_representative(organization).user)
        assert client.post(self.path(organization), fields).status_code == 422

    def test_tells_why_it_cannot_be_changed(self, organization):
        """UI-6"""
        client = client_of(make_member(organization, A))
        text = client.get(self.path(organization)).content.decode()
        assert "Please set up a second factor for your own account first." in text
        fields = {"roles": "external", "required_on": today(organization).isoformat()}
        assert client.post(self.path(organization), fields).status_code == 409
