"""A developer's own applications: made, changed, given a new secret, deleted (ACC-16)."""

import re

import pytest

from accounts.applications.addresses import InvalidAddress, check_address, check_addresses
from accounts.applications.models import OAuthAccessToken, OAuthApplication, OAuthConsent
from accounts.applications.services import change_application
from accounts.applications.services.applications import MOST_APPLICATIONS, TooManyApplications
from accounts.tokens.scopes import Scope
from tests.factories.cast import make_tenant
from tests.factories.oauth import BACK, bearer, code_for, make_application, renew, take_tokens
from tests.factories.people import mails, present, register, signed_in, turn_on_totp, visitor
from tests.factories.tokens import token_client

GOOD = {
    "name": "Invoice robot",
    "kind": "web",
    "redirect_addresses": f"{BACK}\r\nhttp://127.0.0.1:8123/back",
    "scopes": ["products:read", "billing:read"],
    "organization": "",
}
NEW = "/profile/developer/new/"


class TestCreate:
    """An application's secret is shown once and stored hashed."""

    def test_shows_the_secret_once(self):
        """ACC-16."""
        client = signed_in(register())
        assert "No applications yet" in client.get("/profile/developer/").content.decode()
        page = client.post(NEW, GOOD).content.decode()
        secret = re.search(r"mgs_[0-9A-Za-z]{46}", page).group()
        application = OAuthApplication.objects.get()
        assert application.addresses == [BACK, "http://127.0.0.1:8123/back"]
        assert secret not in str(OAuthApplication.objects.values().get())
        for path in ("/profile/developer/", f"/profile/developer/{application.pk}/"):
            shown = client.get(path).content.decode()
            assert "Invoice robot" in shown
            assert secret not in shown
        [mail] = mails(template="application_registered")
        assert "Invoice robot" in mail.subject
        assert secret not in mail.text + mail.html

    def test_gives_an_app_on_a_device_none(self):
        """ACC-16: it could not keep it."""
        client = signed_in(register())
        page = client.post(NEW, {**GOOD, "kind": "native"}).content.decode()
        assert "mgs_" not in page
        assert OAuthApplication.objects.get().client_secret == ""

    def test_makes_a_service(self):
        """ACC-16: in one organization, without redirect addresses."""
        user = register()
        tenant = make_tenant(user)
        client = signed_in(user)
        given = {**GOOD, "kind": "service", "redirect_addresses": "", "organization": str(tenant.pk)}
        assert client.post(NEW, given).status_code == 200
        assert OAuthApplication.objects.get().bound_organization_id == tenant.pk
        [mail] = mails(template="application_registered")
        for written in (mail.text, mail.html):
            assert "May do for you" in written
            assert str(Scope.BILLING_READ.label) in written

    @pytest.mark.parametrize(
        "fields",
        [
            {"name": ""},
            {"name": "x" * 81},
            {"name": "a\x1bb"},
            {"kind": "x"},
            {"kind": "service", "redirect_addresses": ""},
            {"kind": "service"},
            {"scopes": []},
            {"scopes": ["everything"]},
            {"redirect_addresses": ""},
            {"redirect_addresses": "http://client.example/"},
            {"redirect_addresses": "\n".join(f"https://client.example/{n}" for n in range(11))},
            {"organization": "999999999"},
        ],
    )
    def test_refuses_bad_input(self, fields):
        """Beside the field, with 422."""
        answer = signed_in(register()).post(NEW, {**GOOD, **fields})
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
        assert not OAuthApplication.objects.exists()

    def test_asks_for_fresh_proof(self, time_machine_at):
        """INC-14."""
        client = signed_in(register())
        with time_machine_at(minutes=16):
            assert client.post(NEW, GOOD).status_code == 302
        assert not OAuthApplication.objects.exists()

    def test_asks_for_the_second_factor_where_it_is_on(self):
        """INC-14: the password alone is not enough."""
        user = register()
        client = signed_in(user)
        turn_on_totp(user)
        assert client.post(NEW, GOOD).status_code == 302
        assert not OAuthApplication.objects.exists()

    def test_refuses_too_many(self):
        """ACC-16."""
        user = register()
        for _ in range(MOST_APPLICATIONS):
            make_application(user)
        with pytest.raises(TooManyApplications):
            make_application(user)


class TestOperations:
    """The same over the API, to see (API-1)."""

    def test_shows_ones_own_without_a_secret(self):
        """ACC-16: also not its hash."""
        user = register()
        application, secret = make_application(user)
        code_for(signed_in(register()), application)
        make_application(register(), name="Of another")
        client = token_client(user, "profile:read")
        [row] = client.get("/api/1/profile/developer").json()["data"]
        assert (row["id"], row["name"], row["kind"]) == (application.pk, "Invoice robot", "web")
        assert (row["redirect_addresses"], row["scopes"]) == ([BACK], application.scopes)
        one = client.get(f"/api/1/profile/developer/{application.pk}")
        assert one.json()["data"] == {**row, "people": 1}
        for hidden in (secret, application.client_secret):
            assert hidden not in one.content.decode()

    def test_answers_404_for_an_application_of_another(self):
        """INC-2."""
        application, _ = make_application(register())
        client = token_client(register(), "profile:read")
        assert client.get(f"/api/1/profile/developer/{application.pk}").status_code == 404

    def test_makes_and_changes_none(self):
        """INC-4, INC-14: a token makes itself no second way in."""
        user = register()
        application, _ = make_application(user)
        client = token_client(user, *Scope.values)
        for method in ("post", "put", "patch", "delete"):
            for path in ("/api/1/profile/developer", f"/api/1/profile/developer/{application.pk}"):
                assert getattr(client, method)(path, {}, content_type="application/json").status_code == 405
        assert OAuthApplication.objects.count() == 1


class TestAddresses:
    """https, or http on the person's own machine."""

    @pytest.mark.parametrize(
        "address",
        [
            "https://client.example/back",
            "https://client.example:8443/back?x=1",
            "http://127.0.0.1:9000/",
            "http://localhost/back",
            "http://[::1]:9000/back",
        ],
    )
    def test_takes(self, address):
        """INC-21."""
        check_address(address)

    @pytest.mark.parametrize(
        "address",
        [
            "http://client.example/back",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "http://evil.example#@127.0.0.1/",
            "http://127.0.0.1@evil.example/",
            "https://*.client.example/",
            "https://client.example/#x",
            "https://user:pass@client.example/",
            "https://client.example\\@evil.example/",
            "https://client.example:port/",
            "https://[::1/",
            "https:///back",
            "https://",
            "//client.example/",
            "/back",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "com.example.app:/back",
            "https://client.example/ä",
            "https://client.example/\x00",
            "https://client.example/" + "x" * 500,
        ],
    )
    def test_refuses(self, address):
        """INC-21."""
        with pytest.raises(InvalidAddress):
            check_address(address)

    def test_counts_each_once(self):
        """INC-21."""
        assert check_addresses([BACK, BACK]) == [BACK]


class TestChange:
    """Changes hold from the next request on."""

    def test_takes_addresses_away(self):
        """INC-21: a code for an address that was removed is still for that address alone."""
        user = register()
        application, _ = make_application(user)
        client = signed_in(user)
        path = f"/profile/developer/{application.pk}/change/"
        assert BACK in client.get(path).content.decode()
        changed = {
            "name": "Renamed",
            "redirect_addresses": "https://new.example/",
            "scopes": ["billing:read"],
        }
        assert client.post(path, changed).status_code == 302
        application.refresh_from_db()
        assert (application.name, application.addresses) == ("Renamed", ["https://new.example/"])
        assert application.scopes == ["billing:read"]
        assert client.post(path, {**changed, "redirect_addresses": "x"}).status_code == 422
        [mail] = mails(template="application_changed")
        for written in (mail.text, mail.html):
            assert "https://new.example/" in written

    def test_tells_of_further_scopes_alone(self):
        """ACC-11: what is taken away is told in the history."""
        application, _ = make_application(register(), scopes=["products:read"])
        for scopes in (["products:read", "billing:read"], ["billing:read"]):
            change_application(
                application=application,
                name="Invoice robot",
                redirect_addresses=[BACK],
                scopes=scopes,
                actor=visitor(),
                at=present(),
            )
        [mail] = mails(template="application_changed")
        assert str(Scope.BILLING_READ.label) in mail.text
        assert str(Scope.PRODUCTS_READ.label) not in mail.text

    def test_gives_a_new_secret(self):
        """ACC-16: asks first; the one before ends at once."""
        user = register()
        application, secret = make_application(user)
        code = code_for(signed_in(register()), application)
        client = signed_in(user)
        path = f"/profile/developer/{application.pk}/secret/"
        client.get(path)
        refresh = take_tokens(application, secret, code).json()["refresh_token"]
        fresh = re.search(r"mgs_[0-9A-Za-z]{46}", client.post(path).content.decode()).group()
        assert renew(application, secret, refresh).status_code == 401
        assert renew(application, fresh, refresh).status_code == 200
        [mail] = mails(template="application_secret_rotated")
        assert fresh not in mail.text + mail.html

    def test_deletes_with_all_that_follows(self):
        """ACC-16."""
        user = register()
        application, secret = make_application(user)
        token = take_tokens(
            application, secret, code_for(signed_in(register()), application, scope="profile:read")
        ).json()["access_token"]
        client = signed_in(user)
        path = f"/profile/developer/{application.pk}/delete/"
        assert "1 person" in client.get(path).content.decode()
        assert bearer(token).get("/api/1/profile").status_code == 200
        assert client.post(path).status_code == 302
        assert bearer(token).get("/api/1/profile").status_code == 401
        assert not OAuthConsent.objects.exists()
        assert not OAuthAccessToken.objects.exists()
        assert len(mails(template="application_deleted")) == 1

    def test_answers_404_for_an_application_of_another(self):
        """INC-2."""
        application, _ = make_application(register())
        client = signed_in(register())
        for part in ("", "change/", "secret/", "delete/"):
            path = f"/profile/developer/{application.pk}/{part}"
            assert client.get(path).status_code == 404
            assert client.post(path).status_code == (404 if part else 405)
        assert OAuthApplication.objects.exists()

    def test_lists_with_the_same_queries_for_many(self, query_count):
        """A list page's queries are constant."""
        user = register()
        client = signed_in(user)
        make_application(user)
        client.get("/profile/developer/")
        with query_count() as few:
            client.get("/profile/developer/")
        for _ in range(5):
            make_application(user)
        with query_count() as many:
            client.get("/profile/developer/")
        assert few.count == many.count
