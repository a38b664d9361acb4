"""API tokens: made, listed, revoked (ACC-16)."""

import re
from datetime import timedelta

import pytest

from accounts.tokens.models import ApiToken
from accounts.tokens.secrets import is_well_formed, make_token
from accounts.tokens.services import (
    MOST_TOKENS,
    InvalidToken,
    TooManyTokens,
    create_token,
    revoke_token,
)
from manager.kit.errors import NotFound
from manager.kit.scope import person_scope
from tests.factories.cast import make_tenant
from tests.factories.people import browser, mails, present, register, signed_in, visitor

GOOD = {
    "name": "Backup job",
    "organization": "all",
    "days": "90",
    "scopes": ["products:read", "billing:read"],
}


def make(user, **values):
    given = {
        "name": "Job",
        "scopes": ["profile:read"],
        "organization_id": None,
        "expires_at": present() + timedelta(days=30),
        **values,
    }
    with person_scope(user.pk):
        return create_token(user=user, actor=visitor(), at=present(), **given)


class TestForm:
    """A token's secret has a beginning, random characters and a checksum."""

    def test_knows_its_own(self):
        """ACC-16."""
        assert is_well_formed(make_token())
        assert make_token() != make_token()

    @pytest.mark.parametrize("position", [4, 20, 45, 49])
    def test_notices_a_wrong_character(self, position):
        """A mistyped token never reaches the database."""
        token = make_token()
        other = "A" if token[position] != "A" else "B"
        assert not is_well_formed(token[:position] + other + token[position + 1 :])

    @pytest.mark.parametrize("token", ["", "mgr_", "mgr_é" + "x" * 45, "x" * 10_000, "ghp_" + "a" * 46])
    def test_refuses_others(self, token):
        """ACC-16."""
        assert not is_well_formed(token)


class TestCreatePage:
    """A token is shown once and stored hashed."""

    def test_shows_the_secret_once(self):
        """ACC-16, ACC-11."""
        user = register()
        client = signed_in(user)
        page = client.post("/profile/tokens/new/", GOOD).content.decode()
        secret = re.search(r"mgr_[0-9A-Za-z]{46}", page).group()
        token = ApiToken.objects.get()
        assert secret not in str(ApiToken.objects.values().get())
        assert token.scopes == ["billing:read", "products:read"]
        listed = client.get("/profile/tokens/").content.decode()
        assert "Backup job" in listed
        assert secret not in listed
        [mail] = mails(template="api_token_created")
        assert "Backup job" in mail.subject
        assert secret not in mail.text + mail.html

    def test_binds_to_one_of_the_persons_organizations(self):
        """INC-4: chosen by name."""
        user = register()
        organization = make_tenant(user, name="Lindenhof AG")
        client = signed_in(user)
        assert "Lindenhof AG" in client.get("/profile/tokens/new/").content.decode()
        client.post("/profile/tokens/new/", {**GOOD, "organization": str(organization.pk)})
        assert ApiToken.objects.get().organization_id == organization.pk
        assert "Lindenhof AG" in client.get("/profile/tokens/").content.decode()

    def test_binds_to_no_foreign_organization(self):
        """INC-1: 422 by the form, as for one that never was."""
        foreign = make_tenant(register())
        client = signed_in(register())
        for organization in (str(foreign.pk), "999999999", "-1", "x", ""):
            assert (
                client.post("/profile/tokens/new/", {**GOOD, "organization": organization}).status_code == 422
            )
        assert not ApiToken.objects.exists()

    @pytest.mark.parametrize(
        "fields",
        [
            {"name": ""},
            {"name": "x" * 81},
            {"name": "a\x00b"},
            {"name": "a\x1bb"},
            {"days": "0"},
            {"days": "100000"},
            {"days": "x"},
            {"scopes": []},
            {"scopes": ["everything"]},
            {"scopes": "products:read\x00"},
        ],
    )
    def test_refuses_bad_input(self, fields):
        """Beside the field, with 422."""
        answer = signed_in(register()).post("/profile/tokens/new/", {**GOOD, **fields})
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
        assert not ApiToken.objects.exists()

    def test_asks_for_fresh_proof(self, time_machine_at):
        """INC-14."""
        client = signed_in(register())
        with time_machine_at(minutes=16):
            assert client.post("/profile/tokens/new/", GOOD).url.startswith("/profile/security/prove/")
        assert not ApiToken.objects.exists()

    def test_escapes_its_name_in_pages_and_mails(self):
        """INC-30."""
        user = register()
        client = signed_in(user)
        client.post("/profile/tokens/new/", {**GOOD, "name": "<script>x</script>&"})
        assert "<script>x" not in client.get("/profile/tokens/").content.decode()
        [mail] = mails(template="api_token_created")
        assert "<script>x" not in mail.html
        assert "<script>x</script>&" in mail.subject

    def test_lists_with_the_same_queries_for_many(self, query_count):
        """A list page's queries are constant."""
        user = register()
        client = signed_in(user)
        make(user)
        client.get("/profile/tokens/")
        with query_count() as few:
            client.get("/profile/tokens/")
        for _ in range(10):
            make(user)
        with query_count() as many:
            client.get("/profile/tokens/")
        assert few.count == many.count


class TestCreateToken:
    """`create_token` as a verb."""

    def test_refuses_a_foreign_organization(self):
        """INC-4: the verb checks it, too."""
        foreign = make_tenant(register())
        with pytest.raises(NotFound):
            make(register(), organization_id=foreign.pk)

    @pytest.mark.parametrize("scopes", [[], ["everything"]])
    def test_refuses_no_and_unknown_scopes(self, scopes):
        """ACC-16."""
        with pytest.raises(InvalidToken):
            make(register(), scopes=scopes)

    @pytest.mark.parametrize("days", [-1, 0, 800])
    def test_refuses_an_impossible_expiry(self, days):
        """ACC-16: two years at most."""
        with pytest.raises(InvalidToken):
            make(register(), expires_at=present() + timedelta(days=days))

    def test_refuses_too_many(self):
        """ACC-16."""
        user = register()
        for _ in range(MOST_TOKENS):
            make(user)
        with pytest.raises(TooManyTokens):
            make(user)


class TestRevokeToken:
    """A revoked token ends at once."""

    def test_asks_and_revokes(self):
        """ACC-16."""
        user = register()
        token, secret = make(user)
        client = signed_in(user)
        path = f"/profile/tokens/{token.pk}/revoke/"
        assert client.get(path).status_code == 200
        assert ApiToken.objects.get().revoked_at is None
        assert client.post(path).url == "/profile/tokens/"
        assert browser(authorization=f"Bearer {secret}").get("/api/1/profile").status_code == 401
        assert client.post(path).status_code == 404

    def test_answers_404_for_a_token_of_another(self):
        """INC-2."""
        token, secret = make(register())
        client = signed_in(register())
        assert client.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404
        assert client.get(f"/profile/tokens/{token.pk}/revoke/").status_code == 404
        assert browser(authorization=f"Bearer {secret}").get("/api/1/profile").status_code == 200

    def test_changes_nothing_the_second_time(self):
        """ACC-16."""
        token, _ = make(register())
        first = revoke_token(token=token, actor=visitor(), at=present()).revoked_at
        revoke_token(token=token, actor=visitor(), at=present() + timedelta(hours=1))
        assert ApiToken.objects.get().revoked_at == first
