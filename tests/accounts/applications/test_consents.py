"""What a person allowed, seen and taken back, by page and API (ACC-16)."""

from datetime import timedelta

from accounts.applications.models import OAuthAccessToken, OAuthCode, OAuthConsent, OAuthRefreshToken
from accounts.applications.periodic import drain_expired_grants
from manager.kit.scope import tenant_scope
from organizations.members.models import Membership
from tests.factories.cast import make_tenant
from tests.factories.oauth import READ, bearer, code_for, make_application, renew, take_tokens
from tests.factories.people import events_called, present, register, signed_in
from tests.factories.tokens import token_client


def allow(person, application, secret, organization="all", scope="profile:read"):
    code = code_for(signed_in(person), application, organization, scope=scope)
    return take_tokens(application, secret, code).json()


class TestPages:
    """A list with what may be taken back."""

    def test_lists_what_is_allowed(self):
        """ACC-16: who, where, what, since when, last used."""
        person = register()
        tenant = make_tenant(person, name="Lindenhof AG")
        application, secret = make_application(register())
        client = signed_in(person)
        assert "No application acts for you" in client.get("/profile/applications/").content.decode()
        tokens = allow(person, application, secret, str(tenant.pk))
        page = client.get("/profile/applications/").content.decode()
        for text in ("Invoice robot", "Lindenhof AG", "Read your profile", "Never"):
            assert text in page
        bearer(tokens["access_token"]).get("/api/1/profile")
        assert OAuthConsent.objects.get().last_used_at is not None
        assert OAuthConsent.objects.get().last_used_address == "127.0.0.1"
        assert "No application matches" in client.get("/profile/applications/?q=zzz").content.decode()
        assert "Invoice robot" in client.get("/profile/applications/?q=robot").content.decode()

    def test_asks_and_takes_back(self):
        """ACC-16: all tokens end at once, of this application alone."""
        person = register()
        (one, one_secret), (two, two_secret) = make_application(register()), make_application(register())
        ended, kept = allow(person, one, one_secret), allow(person, two, two_secret)
        client = signed_in(person)
        path = f"/profile/applications/{OAuthConsent.objects.get(application=one).pk}/revoke/"
        assert client.get(path).status_code == 200
        assert bearer(ended["access_token"]).get("/api/1/profile").status_code == 200
        assert client.post(path).status_code == 302
        assert bearer(ended["access_token"]).get("/api/1/profile").status_code == 401
        assert renew(one, one_secret, ended["refresh_token"]).status_code == 400
        assert bearer(kept["access_token"]).get("/api/1/profile").status_code == 200
        assert client.post(path).status_code == 404
        assert len(events_called("user.application_revoked")) == 1

    def test_answers_404_for_a_consent_of_another(self):
        """INC-2."""
        application, secret = make_application(register())
        tokens = allow(register(), application, secret)
        client = signed_in(application.user)
        path = f"/profile/applications/{OAuthConsent.objects.get().pk}/revoke/"
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
        assert bearer(tokens["access_token"]).get("/api/1/profile").status_code == 200

    def test_lists_with_the_same_queries_for_many(self, query_count):
        """A list page's queries are constant."""
        person = register()
        client = signed_in(person)
        allow(person, *make_application(register()))
        client.get("/profile/applications/")
        with query_count() as few:
            client.get("/profile/applications/")
        for _ in range(4):
            allow(person, *make_application(register()))
        with query_count() as many:
            client.get("/profile/applications/")
        assert few.count == many.count


class TestOperations:
    """The same over the API (API-1)."""

    def test_lists_and_takes_back(self):
        """API-1."""
        person = register()
        allow(person, *make_application(register()))
        client = token_client(person, "profile:read", "profile:write")
        [row] = client.get("/api/1/profile/applications").json()["data"]
        assert row["application"] == "Invoice robot"
        assert row["organization_id"] is None
        assert client.delete(f"/api/1/profile/applications/{row['id']}").status_code == 200
        assert client.get("/api/1/profile/applications").json()["data"] == []
        assert client.delete(f"/api/1/profile/applications/{row['id']}").status_code == 404

    def test_needs_the_scope(self):
        """API-2."""
        person = register()
        allow(person, *make_application(register()))
        client = token_client(person, "profile:read")
        consent = OAuthConsent.objects.get()
        assert client.delete(f"/api/1/profile/applications/{consent.pk}").status_code == 403


class TestOneForEachOrganization:
    """What is allowed in one organization is not allowed in another."""

    def test_keeps_them_apart(self):
        """INC-4: taking one back leaves the other."""
        person = register()
        one, two = make_tenant(person), make_tenant(person)
        application, secret = make_application(register())
        first = allow(person, application, secret, str(one.pk), scope=READ)
        second = allow(person, application, secret, str(two.pk), scope=READ)
        assert OAuthConsent.objects.count() == 2
        consent = OAuthConsent.objects.get(bound_organization_id=one.pk)
        signed_in(person).post(f"/profile/applications/{consent.pk}/revoke/")
        path = f"/api/1/organizations/{two.pk}/products"
        assert bearer(first["access_token"]).get(path).status_code == 401
        assert bearer(second["access_token"]).get(path).status_code == 200


class TestReach:
    """An application never does more than the person who allowed it may (API-2)."""

    def test_ends_where_the_person_is_no_member(self):
        """API-2: also with the scope, and for all of the person's organizations."""
        person = register()
        stranger = make_tenant(register())
        tokens = allow(person, *make_application(register()), scope="organizations:read")
        client = bearer(tokens["access_token"])
        assert client.get(f"/api/1/organizations/{stranger.pk}").status_code == 404

    def test_narrows_with_the_persons_role(self):
        """API-2: what was allowed to a leader is not allowed to an external member."""
        organization = make_tenant(register())
        answers = {}
        for role in ("administrator", "external"):
            person = register()
            with tenant_scope(organization.pk):
                Membership.objects.create(
                    organization=organization, user=person, role=role, created_at=present()
                )
            tokens = allow(person, *make_application(register()), scope="organizations:read")
            client = bearer(tokens["access_token"])
            answers[role] = client.get(f"/api/1/organizations/{organization.pk}/members").status_code
        assert answers == {"administrator": 200, "external": 403}


class TestSweep:
    """What is over goes away, and nothing else (ACC-16)."""

    def test_keeps_what_is_of_use(self, time_machine_at):
        """ACC-16: used refresh tokens stay to notice their second use; idle ones end after 30 days."""
        person = register()
        application, secret = make_application(register())
        tokens = allow(person, application, secret)
        renew(application, secret, tokens["refresh_token"])
        assert drain_expired_grants(at=present()) == 0
        with time_machine_at(days=2):
            drain_expired_grants(at=present())
            assert not OAuthCode.objects.exists()
            assert OAuthRefreshToken.objects.count() == 2
        with time_machine_at(days=32):
            while drain_expired_grants(at=present()):
                pass
            assert not OAuthRefreshToken.objects.exists()
            assert not OAuthAccessToken.objects.exists()

    def test_takes_no_future_for_now(self):
        """A tick into the future ends nobody's access."""
        tokens = allow(register(), *make_application(register()))
        assert drain_expired_grants(at=present() + timedelta(days=400)) == 0
        assert bearer(tokens["access_token"]).get("/api/1/profile").status_code == 200
