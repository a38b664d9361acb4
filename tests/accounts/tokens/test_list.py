"""The list of one's tokens, by page and API (ACC-16)."""

import re
from datetime import timedelta

from accounts.tokens.models import ApiToken
from accounts.tokens.services import revoke_token
from tests.factories.people import present, register, signed_in, visitor
from tests.factories.tokens import make_api_token as make
from tests.factories.tokens import profile_status as status
from tests.factories.tokens import token_client


class TestList:
    """Filters, search, pages, and the same over the API."""

    def test_filters_by_state_and_searches(self):
        """ACC-16."""
        user = register()
        make(user)
        expired, _ = make(user, at=present() - timedelta(days=100))
        ApiToken.objects.filter(pk=expired.pk).update(name="Old one")
        revoked, _ = make(user)
        ApiToken.objects.filter(pk=revoked.pk).update(name="Leaked one")
        revoke_token(token=revoked, actor=visitor(), at=present())
        client = signed_in(user)
        shown = {"": "Backup job", "?state=expired": "Old one", "?state=revoked": "Leaked one"}
        for query, name in shown.items():
            page = client.get(f"/profile/tokens/{query}").content.decode()
            assert name in page
            assert not [other for other in shown.values() if other != name and other in page]
        assert "Old one" in client.get("/profile/tokens/?state=all&q=old").content.decode()
        assert "No token matches" in client.get("/profile/tokens/?q=zzz").content.decode()
        assert client.get("/profile/tokens/?state=x").status_code == 400
        assert client.get("/profile/tokens/?after=x").status_code == 400
        api = token_client(user, "profile:read")
        revoked = api.get("/api/1/profile/tokens?filter[state]=revoked").json()["data"]
        assert [row["name"] for row in revoked] == ["Leaked one"]

    def test_is_ended_over_the_api(self):
        """API-1, INC-2, INC-4: one's own; with the scope; none is made or widened."""
        user = register()
        token, secret = make(user)
        path = f"/api/1/profile/tokens/{token.pk}"
        assert token_client(user, "profile:read").delete(path).status_code == 403
        assert token_client(register(), "profile:write").delete(path).status_code == 404
        client = token_client(user, "profile:write")
        for method in ("post", "put", "patch"):
            answer = getattr(client, method)(
                path, {"scopes": ["billing:write"]}, content_type="application/json"
            )
            assert answer.status_code == 405
        assert client.delete(path).status_code == 200
        assert client.delete(path).status_code == 200
        assert status(secret) == 401

    def test_goes_on_in_pages(self):
        """A list is never endless."""
        user = register()
        for _ in range(30):
            make(user)
        client = signed_in(user)
        page = client.get("/profile/tokens/").content.decode()
        assert page.count("Backup job") < 80
        following = re.search(r'href="(\?[^"]*after=[^"]+)"', page).group(1).replace("&amp;", "&")
        assert client.get(f"/profile/tokens/{following}").status_code == 200
