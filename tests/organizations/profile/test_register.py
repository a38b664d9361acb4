"""Register a new customer (ACC-1, INC-8, INC-9)."""

import pytest
from django.test import Client

from accounts.users.models import User
from accounts.users.selectors import find_user_by_email
from manager.kit.clock import now
from manager.kit.scope import person_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.members.secrets import invitation_key
from tests.factories.cast import make_person, make_tenant
from tests.factories.members import invite, membership_of

PASSWORD = "violet tractor sings again"
FIELDS = {
    "first_name": "Anna",
    "last_name": "Keller",
    "email": "Anna@Example.com",
    "phone": "079 123 45 67",
    "password": PASSWORD,
    "kind": "company",
    "company_name": "Keller AG",
    "country": "CH",
}


def only_membership(email):
    user = find_user_by_email(email)
    with person_scope(user.pk):
        return Membership.objects.select_related("organization").get(user=user)


class TestRegistration:
    def test_creates_the_person_and_the_company(self):
        """ACC-1"""
        answer = Client().post("/register/", FIELDS)
        assert answer.status_code == 302
        membership = only_membership("anna@example.com")
        organization = membership.organization
        assert (organization.name, organization.kind, organization.currency) == (
            "Keller AG",
            "company",
            "CHF",
        )
        assert (membership.role, membership.has_billing) == (Role.LEGAL_REPRESENTATIVE, True)

    @pytest.mark.parametrize(
        ("country", "currency"), [("CH", "CHF"), ("LI", "CHF"), ("DE", "EUR"), ("US", "EUR")]
    )
    def test_takes_the_currency_from_the_country(self, country, currency):
        """ORG-4"""
        Client().post("/register/", {**FIELDS, "country": country, "kind": "private"})
        organization = only_membership("anna@example.com").organization
        assert (organization.name, organization.currency) == ("Anna Keller", currency)

    def test_answers_alike_for_a_known_address(self):
        """INC-8"""
        Client().post("/register/", FIELDS)
        answers = [
            Client().post("/register/", {**FIELDS, "email": email})
            for email in ("anna@example.com", "new@example.com")
        ]
        assert answers[0].status_code == answers[1].status_code == 302
        assert answers[0]["Location"] == answers[1]["Location"]
        assert answers[0].content == answers[1].content
        assert User.objects.filter(email="anna@example.com").count() == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"first_name": ""}, "first_name"),
            ({"email": "nothing"}, "email"),
            ({"phone": "123"}, "phone"),
            ({"password": "short"}, "password"),
            ({"password": ""}, "password"),
            ({"company_name": ""}, "company_name"),
            ({"country": "XX"}, "country"),
            ({"kind": "king"}, "kind"),
            ({"last_name": "x" * 5000}, "last_name"),
            ({"first_name": "A\x00"}, "first_name"),
            ({"company_name": "A\x07"}, "company_name"),
        ],
    )
    def test_shows_what_is_wrong_beside_the_field(self, wrong, field):
        """Bad input is answered with 422, and nobody is created."""
        answer = Client().post("/register/", {**FIELDS, **wrong})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        ("wanted", "kept"),
        [
            ("/o/1/checkout/", True),
            ("https://evil.example/", False),
            ("//evil.example", False),
            ("/\\evil", False),
        ],
    )
    def test_leads_on_to_local_paths_only(self, wanted, kept):
        """INC-21"""
        answer = Client().post("/register/", {**FIELDS, "next": wanted})
        assert ("next=" in answer["Location"]) is kept
        page = Client().get("/register/", {"next": wanted}).content.decode()
        assert 'value="http' not in page
        assert 'value="//' not in page
        assert 'href="/sign-in/"' in page or kept


class TestAfterAnInvitation:
    def test_makes_the_person_a_member_and_no_organization(self):
        """ACC-1, ORG-7"""
        organization = make_tenant()
        invitation = invite(organization, "anna@example.com", role=Role.EXTERNAL, at=now())
        fields = {name: FIELDS[name] for name in ("first_name", "last_name", "phone", "password")}
        answer = Client().post("/register/", {**fields, "invitation": invitation_key(invitation)})
        assert answer.status_code == 302
        user = find_user_by_email("anna@example.com")
        assert user.email_confirmed_at is not None
        assert membership_of(organization, user).role == Role.EXTERNAL
        assert only_membership("anna@example.com").organization_id == organization.pk

    def test_takes_the_address_from_the_invitation_alone(self):
        """INC-7"""
        organization = make_tenant()
        key = invitation_key(invite(organization, "anna@example.com", at=now()))
        Client().post("/register/", {**FIELDS, "email": "eve@example.com", "invitation": key})
        assert find_user_by_email("eve@example.com") is None
        assert membership_of(organization, find_user_by_email("anna@example.com"))

    def test_leads_who_is_known_to_the_sign_in(self):
        """INC-8"""
        organization, bob = make_tenant(), make_person("Bob Rossi")
        key = invitation_key(invite(organization, bob.email, at=now()))
        answer = Client().post("/register/", {**FIELDS, "invitation": key})
        assert answer["Location"].startswith("/sign-in/?next=")
        assert membership_of(organization, bob) is None

    @pytest.mark.parametrize("key", ["1-x", "x", "99999999999999999999-y", "1-\x00"])
    def test_knows_no_made_up_invitation(self, key):
        """INC-6"""
        assert Client().get("/register/", {"invitation": key}).status_code == 404
        assert Client().post("/register/", {**FIELDS, "invitation": key}).status_code == 404
