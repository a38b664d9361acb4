"""Changing the profile by the page (ACC-14)."""

import pytest

from accounts.users.models import User
from tests.factories.people import browser, events_called, register, signed_in

GOOD = {
    "first_name": "Carlotta",
    "last_name": "Brunner-Vögeli",
    "language": "it",
    "time_zone": "America/Sao_Paulo",
    "theme": "dark",
}


class TestProfilePage:
    """The profile page saves what is right and says what is wrong."""

    def test_saves_and_goes_back(self):
        """ACC-14."""
        user = register()
        client = signed_in(user)
        assert client.post("/profile/", GOOD).url == "/profile/"
        user.refresh_from_db()
        assert (user.first_name, user.language) == ("Carlotta", "it")
        assert (user.time_zone, user.theme) == ("America/Sao_Paulo", "dark")
        assert events_called("user.profile_changed")[0].payload["user"] == user.pk

    def test_shows_the_saved_values(self):
        """ACC-14: the number in groups, changed elsewhere, in the person's language."""
        user = register(phone="+41791234567")
        client = signed_in(user)
        client.post("/profile/", {**GOOD, "phone": "+41790000000"})
        page = client.get("/profile/").content.decode()
        assert "+41 79 123 45 67" in page
        assert 'lang="it"' in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("first_name", ""),
            ("first_name", "x" * 81),
            ("first_name", "a\x00b"),
            ("last_name", "a\x1bb"),
            ("language", "xx"),
            ("language", "en\x00"),
            ("time_zone", "Mars/Olympus"),
            ("theme", "pink"),
        ],
    )
    def test_refuses_bad_values_and_keeps_the_old(self, field, value):
        """Beside the field, with 422."""
        user = register()
        answer = signed_in(user).post("/profile/", {**GOOD, field: value})
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
        assert User.objects.get(pk=user.pk).last_name == "Brunner"

    def test_cannot_change_login_or_rights(self):
        """INC-2: what is not in the form is not taken."""
        user = register()
        signed_in(user).post(
            "/profile/", {**GOOD, "email": "evil@example.org", "is_staff": "1", "is_superuser": "1"}
        )
        after = User.objects.get(pk=user.pk)
        assert (after.email, after.is_staff, after.is_superuser) == (user.email, False, False)

    def test_asks_visitors_to_sign_in(self):
        """ACC-2: and leads back."""
        assert browser().get("/profile/").url == "/sign-in/?next=/profile/"

    def test_needs_the_same_queries_each_time(self, query_count):
        """Reads are constant."""
        client = signed_in(register())
        with query_count() as seen:
            client.get("/profile/")
        assert seen.count <= 10
