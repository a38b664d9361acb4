"""The page on which a person is asked (ACC-16, INC-14, INC-21)."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from accounts.applications.models import OAuthCode, OAuthConsent
from tests.factories.cast import make_tenant
from tests.factories.oauth import BACK, READ, code_for, consent_query, make_application
from tests.factories.people import (
    browser,
    code_of,
    give_password,
    mails,
    register,
    signed_in,
    turn_on_totp,
)


def path(application, **changed) -> str:
    return f"/oauth/authorize/?{urlencode(consent_query(application, **changed))}"


@pytest.fixture
def application():
    return make_application(register(first_name="Doris", last_name="Developer"))[0]


ALLOW = {"decision": "allow", "organization": "all"}


class TestPage:
    """It says who asks, for what, and where the person goes next."""

    def test_shows_what_is_asked(self, application):
        """ACC-16."""
        person = register()
        tenant = make_tenant(person, name="Lindenhof AG")
        page = signed_in(person).get(path(application)).content.decode()
        for text in (
            "Invoice robot",
            "Doris Developer",
            "Read products",
            tenant.name,
            "https://client.example",
        ):
            assert text in page
        assert "Read your profile" not in page

    def test_lets_the_form_lead_to_the_application(self, application):
        """Chrome applies the content policy to redirects of forms."""
        answer = signed_in(register()).get(path(application))
        assert "https://client.example" in answer["Content-Security-Policy"]
        assert (
            "https://client.example" not in signed_in(register()).get("/profile/")["Content-Security-Policy"]
        )

    def test_escapes_names(self):
        """INC-30."""
        application, _ = make_application(register(first_name="<b>Bob</b>"), name="<script>x</script>")
        page = signed_in(register()).get(path(application)).content.decode()
        assert "<script>x" not in page
        assert "<b>Bob" not in page

    def test_asks_each_time(self, application):
        """ACC-16: nothing is granted without the person, also not a repeated request."""
        client = signed_in(register())
        code_for(client, application)
        page = client.get(path(application))
        assert page.status_code == 200
        assert "allowed before" in page.content.decode()

    def test_grants_nothing_by_looking(self, application):
        """INC-18: GET and HEAD change nothing."""
        client = signed_in(register())
        client.get(path(application))
        client.head(path(application))
        client.get(path(application) + "&decision=allow&organization=all")
        assert not OAuthConsent.objects.exists()
        assert not OAuthCode.objects.exists()


class TestWhoMayAllow:
    """A person who has signed in with all steps, just now."""

    def test_sends_visitors_to_sign_in_and_back(self, application):
        """INC-21: never from a logged-out session."""
        address = path(application)
        answer = browser().get(address)
        assert answer["Location"].startswith("/sign-in/?next=")
        person = register()
        entered = browser().post(
            answer["Location"], {"email": person.email, "password": "quiet-harbour-violet-tandem"}
        )
        assert entered["Location"] == address
        posted = browser().post(address, ALLOW)
        assert posted["Location"].startswith("/sign-in/")
        assert not OAuthCode.objects.exists()

    def test_needs_the_second_factor_first(self, application):
        """INC-15: half a sign-in is none."""
        person = register()
        turn_on_totp(person)
        client = browser()
        give_password(client, person)
        assert client.post(path(application), ALLOW)["Location"].startswith("/sign-in/")
        client.post("/sign-in/code/", {"code": code_of(person)})
        assert client.get(path(application)).status_code == 200

    def test_asks_for_fresh_proof(self, application, time_machine_at):
        """INC-14: an application's tokens know no second step."""
        client = signed_in(register())
        with time_machine_at(minutes=16):
            assert client.get(path(application))["Location"].startswith("/profile/security/prove/")
            assert client.post(path(application), ALLOW).status_code == 302
        assert not OAuthCode.objects.exists()

    def test_takes_no_foreign_form(self, application):
        """INC-23: the form has a token of its own."""
        from django.test import Client

        person = register()
        client = Client(enforce_csrf_checks=True)
        client.cookies = signed_in(person).cookies
        assert client.post(path(application), ALLOW).status_code == 403

    def test_binds_to_no_foreign_organization(self, application):
        """INC-1."""
        foreign = make_tenant(register())
        client = signed_in(register())
        for organization in (str(foreign.pk), "999999999", "x", ""):
            answer = client.post(path(application), {**ALLOW, "organization": organization})
            assert answer.status_code == 422
        assert not OAuthConsent.objects.exists()


BAD_ADDRESSES = [
    BACK + "/",
    BACK + "?x=1",
    BACK + "#x",
    BACK + "/../back",
    BACK.upper(),
    "HTTPS://client.example/back",
    "http://client.example/back",
    "https://client.example:443/back",
    "https://client.example/Back",
    "https://client.example/back%2F",
    "https://client.example.evil.example/back",
    "https://evil.example/https://client.example/back",
    "https://client.example@evil.example/back",
    "https://user@client.example/back",
    "https://evilclient.example/back",
    "https://sub.client.example/back",
    "//client.example/back",
    "/back",
    "javascript:alert(1)",
    "data:text/html,x",
    BACK + "\n",
    " " + BACK,
    BACK + "\x00",
    "https://client.example\\@evil.example/back",
    "",
    None,
]


class TestRedirectAddress:
    """Nobody is sent to an address that is not registered, character by character."""

    @pytest.mark.parametrize("address", BAD_ADDRESSES)
    def test_is_compared_exactly(self, application, address):
        """INC-21: a page says so; there is no redirect, also not with an error."""
        client = signed_in(register())
        for answer in (
            client.get(path(application, redirect_uri=address)),
            client.post(path(application, redirect_uri=address), ALLOW),
        ):
            assert answer.status_code == 400
            assert not answer.has_header("Location")
        assert not OAuthCode.objects.exists()

    def test_is_not_followed_twice_given(self, application):
        """INC-21: of two addresses none counts."""
        answer = signed_in(register()).get(path(application) + "&redirect_uri=https://evil.example/")
        assert answer.status_code == 400

    @pytest.mark.parametrize("client_id", ["unknown", "", None, "a\x00b", "x" * 5000])
    def test_needs_a_known_application(self, application, client_id):
        """INC-21."""
        answer = signed_in(register()).get(path(application, client_id=client_id))
        assert answer.status_code == 400

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("&state=%zz", 400),
            ("&x=%zz", 400),
            ("&%zz", 400),
            ("&x=%ff%fe", 200),
            ("&x=%00", 200),
            ("&=&=%", 200),
        ],
    )
    def test_survives_a_broken_encoding(self, application, query, status):
        """INC-29: what is no percent-encoding is refused, never a 500; foreign bytes are passed over."""
        answer = signed_in(register()).get(path(application) + query)
        assert answer.status_code == status


class TestRefusals:
    """What is wrong with a request is told to the application."""

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"response_type": "none"}, None),
            ({"response_type": "code token"}, None),
            ({"response_type": None}, None),
            ({"code_challenge": None}, "invalid_request"),
            ({"code_challenge": "short"}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge_method": None}, "invalid_request"),
            ({"scope": "everything"}, "invalid_scope"),
            ({"scope": "billing:write"}, "invalid_scope"),
            ({"scope": None}, "invalid_scope"),
            ({"scope": f"{READ} billing:write"}, "invalid_scope"),
        ],
    )
    def test_go_back_with_the_state(self, application, changed, error):
        """ACC-16: PKCE with S256, the code alone, and no scope beyond the registered ones."""
        answer = signed_in(register()).get(path(application, **changed))
        assert answer.status_code == 302
        assert answer["Location"].startswith(BACK + "?")
        query = parse_qs(urlsplit(answer["Location"]).query)
        assert query["state"] == ["of the client"]
        assert query["error"][0] == (error or query["error"][0])
        assert "code" not in query

    def test_are_the_persons_right(self, application):
        """ACC-16: a no is an answer."""
        answer = signed_in(register()).post(path(application), {"decision": "deny"})
        query = parse_qs(urlsplit(answer["Location"]).query)
        assert query["error"] == ["access_denied"]
        assert not OAuthConsent.objects.exists()

    def test_do_not_follow_the_body(self, application):
        """INC-21: what is asked stands in the address alone."""
        client = signed_in(register())
        client.post(
            path(application),
            {**ALLOW, "scope": "profile:read", "redirect_uri": "https://evil.example/", "state": "x"},
        )
        code = OAuthCode.objects.get()
        assert code.scope == READ
        assert code.redirect_uri == BACK


class TestMail:
    """The person hears of what was allowed (ACC-11)."""

    def test_is_sent_for_what_is_new_alone(self, application):
        """ACC-11: exactly once, in the person's language; again only for more."""
        client = signed_in(register(language="en"))
        code_for(client, application)
        code_for(client, application)
        [mail] = mails(template="application_authorized")
        assert "Invoice robot" in mail.subject
        assert "Doris Developer" in mail.text
        assert "May: Read products\n" in mail.text
        code_for(client, application, scope=f"{READ} profile:read")
        _, second = mails(template="application_authorized")
        assert "Read your profile" in second.text
        assert "Read products" not in second.text
