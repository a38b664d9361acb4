"""The pages of grants, and why somebody sees something (ORG-13)."""

from datetime import date, timedelta

import pytest

from manager.kit.clock import day_in, now, start_of_day
from manager.kit.scope import tenant_scope
from organizations.access.models import Grant
from organizations.access.roles import Role
from organizations.grants.rules import Target
from tests.factories.access import give, make_team, present, why
from tests.factories.cast import client_of, make_member, make_tenant
from tests.factories.members import first_representative
from tests.factories.products import make_many_products, make_plan, make_product


@pytest.fixture
def organization():
    return make_tenant(time_zone="Pacific/Auckland")


@pytest.fixture
def bob(organization):
    return make_member(organization, Role.COLLABORATOR, name="Bob Rossi")


@pytest.fixture
def client(organization):
    return client_of(first_representative(organization).user)


def url(organization, path):
    return f"/o/{organization.pk}/access/{path}"


class TestForm:
    def test_gives_several_until_the_end_of_a_local_day(self, organization, bob, client):
        """ORG-13: the day ends in the organization's time zone."""
        product = make_product(organization)
        until = day_in("Pacific/Auckland", now()) + timedelta(days=2)
        sent = {
            "who": f"member:{present(organization, bob).pk}",
            "what": [f"product:{product.pk}", f"family:{product.family}"],
            "level": "manage",
            "until": until.isoformat(),
            "save": "yes",
        }
        assert client.post(url(organization, "grant/"), sent).status_code == 302
        with tenant_scope(organization.pk):
            ends = {grant.ends_at for grant in Grant.objects.all()}
        assert ends == {start_of_day(until + timedelta(days=1), "Pacific/Auckland")}

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"who": ""}, "Please choose a member or a team."),
            ({"who": "nobody:1"}, "Please choose from the list."),
            ({"who": "member:987654"}, ""),
            ({"what": []}, "Please choose at least one"),
            ({"what": "product:987654"}, "Please choose a family or a product"),
            ({"what": "family:made-up"}, "Please choose a family or a product"),
            ({"level": "everything"}, "Select a valid choice"),
            ({"until": "2020-01-01"}, "Please choose a day that is not over yet."),
            ({"until": "soon"}, "Enter a valid date"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, organization, bob, client, change, message):
        """UI-2: and keeps what was chosen."""
        product = make_product(organization, name="kept.example")
        sent = {
            "who": f"member:{present(organization, bob).pk}",
            "what": f"product:{product.pk}",
            "level": "view",
            "save": "yes",
            **change,
        }
        answer = client.post(url(organization, "grant/"), sent)
        assert answer.status_code == 422
        assert message in answer.content.decode()
        with tenant_scope(organization.pk):
            assert not Grant.objects.exists()

    def test_searches_without_forgetting_what_was_chosen(self, organization, bob, client):
        """ORG-13"""
        chosen, other = (make_product(organization, name=f"{name}.example") for name in ("apple", "zebra"))
        hidden = make_product(organization, name="hidden.example")
        sent = {
            "find": "what",
            "find_what": "zebra",
            "what": f"product:{chosen.pk}",
            "who": f"member:{present(organization, bob).pk}",
        }
        answer = client.post(url(organization, "grant/"), sent)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'value="product:{chosen.pk}" checked' in page
        assert f'value="product:{other.pk}"' in page
        assert f'value="product:{hidden.pk}"' not in page
        with tenant_scope(organization.pk):
            assert not Grant.objects.exists()

    def test_ends_a_grant(self, organization, bob, client):
        """ORG-13"""
        product = make_product(organization)
        (grant,) = give(organization, bob, Target(product_id=product.pk))
        assert client.post(url(organization, f"grants/{grant.pk}/end/")).status_code == 302
        assert not why(organization, bob, product, at=now()).allowed

    def test_costs_the_same_with_few_and_many_products(self, organization, client, query_count):
        """ORG-13: at most what a page offers is read."""
        counts = []
        client.get(url(organization, "grant/"))
        for more in (3, 300):
            make_many_products(organization, more, plan=make_plan(), begin=date(2026, 1, 15))
            with query_count() as seen:
                page = client.get(url(organization, "grant/")).content.decode()
            assert 3 <= page.count('value="product:') <= 12
            counts.append(seen.count)
        assert counts[0] == counts[1]


class TestWhy:
    def test_names_role_team_and_grant(self, organization, bob, client):
        """ORG-13"""
        product = make_product(organization, name="seen.example")
        give(organization, bob, Target(product_id=product.pk))
        team = make_team(organization, "Designers", [bob])
        give(organization, team, Target(family=product.family), level="manage")
        member = present(organization, bob).pk
        page = client.get(url(organization, f"why/?member={member}&product={product.pk}")).content.decode()
        assert "Why does Bob Rossi see seen.example?" in page
        assert "By a direct grant" in page
        assert "Designers" in page
        leader = client.get(url(organization, f"why/?product={product.pk}")).content.decode()
        assert "By the role <strong>Legal representative</strong>" in leader

    def test_says_what_is_missing_and_who_can_give_it(self, organization, bob):
        """UI-6"""
        product = make_product(organization)
        give(organization, bob, Target(product_id=product.pk))
        page = client_of(bob).get(url(organization, f"why/?product={product.pk}")).content.decode()
        assert "Not allowed" in page
        assert "Who can give it: Alice Meier" in page
        assert f"/access/ask/?product={product.pk}" in page

    def test_tells_nothing_of_others_to_limited_members(self, organization, bob):
        """INC-5"""
        leader = first_representative(organization).pk
        assert client_of(bob).get(url(organization, f"why/?member={leader}")).status_code == 403

    def test_tells_nothing_of_hidden_products(self, organization, bob):
        """ORG-13: a hidden one, a foreign one and a missing one look alike."""
        client, hidden, foreign = client_of(bob), make_product(organization), make_product(make_tenant())
        for number in (hidden.pk, foreign.pk, 987_654):
            assert client.get(url(organization, f"why/?product={number}")).status_code == 404

    def test_costs_the_same_with_few_and_many_grants(self, organization, bob, client, query_count):
        """ORG-13"""
        member, counts = present(organization, bob), []
        address = url(organization, f"why/?member={member.pk}")
        client.get(address)
        for numbers in (range(1, 4), range(4, 300)):
            with tenant_scope(organization.pk):
                Grant.objects.bulk_create(
                    Grant(
                        organization=organization,
                        membership=member,
                        product_id=number,
                        level="view",
                        created_at=now(),
                        starts_at=now(),
                    )
                    for number in numbers
                )
            with query_count() as seen:
                assert "#3" in client.get(address).content.decode()
            counts.append(seen.count)
        assert counts[0] == counts[1]


class TestProductPage:
    def test_shows_who_has_access_to_who_sees_the_members(self, organization, bob, client):
        """ORG-13"""
        product = make_product(organization)
        give(organization, bob, Target(product_id=product.pk))
        give(organization, make_team(organization, "Designers"), Target(family=product.family))
        page = client.get(f"/o/{organization.pk}/products/{product.pk}/").content.decode()
        assert "Bob Rossi" in page
        assert "Designers" in page

    def test_shows_external_users_only_their_own_reasons(self, organization, bob):
        """ORG-6"""
        eva = make_member(organization, Role.EXTERNAL, name="Eva Klein")
        product = make_product(organization)
        for user in (bob, eva):
            give(organization, user, Target(product_id=product.pk))
        page = client_of(eva).get(f"/o/{organization.pk}/products/{product.pk}/").content.decode()
        assert "Bob Rossi" not in page
        assert "By a direct grant" in page
