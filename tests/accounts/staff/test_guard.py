"""INC-15: nobody comes into the back office without a second factor in this session and the right."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.sessions.staff import list_rights
from tests.factories.cast import client_of
from tests.factories.identity import REVIEW, make_staff, staff_client
from tests.factories.people import give_password, register, signed_in, turn_on_totp
from tests.isolation.expectations import STAFF
from tests.isolation.matrix import Route, walk_routes
from tests.isolation.world import MISSING_ID

ROUTES = [route for route in walk_routes() if route.pattern.startswith("staff/")]
CASES = [(route, method) for route in ROUTES for method in STAFF[route.name]["methods"]]


def ask(client: Client, route: Route, method: str):
    """Send a request to a route, with made-up objects in its address."""
    values = {name: MISSING_ID if name in route.numbers else "front" for name in route.parameters}
    return getattr(client, method.lower())(route.address(values))


def named(case: tuple[Route, str]) -> str:
    return f"{case[1]} {case[0].name}"


class TestEveryPageOfTheBackOffice:
    def test_is_walked(self) -> None:
        """The walk reaches all of them."""
        assert len(ROUTES) >= 10

    def test_asks_a_visitor_to_sign_in(self) -> None:
        """INC-15"""
        for route, method in CASES:
            answer = ask(Client(), route, method)
            assert answer.status_code == 302, route
            assert answer["Location"].startswith("/sign-in/"), route

    def test_is_a_missing_one_to_people(self) -> None:
        """A customer cannot tell that there is a back office."""
        client = client_of(register())
        for route, method in CASES:
            assert ask(client, route, method).status_code == 404, named((route, method))

    def test_is_a_missing_one_to_people_with_a_second_factor(self) -> None:
        """The factor alone opens nothing."""
        client = staff_client(register())
        for route, method in CASES:
            assert ask(client, route, method).status_code == 404, named((route, method))

    def test_leads_staff_without_a_second_factor_to_one(self) -> None:
        """INC-15: never in, with every right that there is."""
        client = client_of(make_staff(*list_rights()))
        for route, method in CASES:
            answer = ask(client, route, method)
            assert answer.status_code == 403, named((route, method))
            assert reverse("accounts:security") in answer.content.decode(), named((route, method))

    def test_tells_staff_without_the_right_which_one(self) -> None:
        """UI-6"""
        client = staff_client(make_staff())
        for route, method in CASES:
            answer = ask(client, route, method)
            if STAFF[route.name]["right"]:
                assert answer.status_code == 403, named((route, method))
            else:
                assert answer.status_code == 200, named((route, method))

    def test_lets_staff_with_the_right_in(self) -> None:
        """A made-up case is a missing one, whoever asks."""
        client = staff_client(make_staff(*list_rights()))
        for route, method in CASES:
            answer = ask(client, route, method)
            # Leaving leads back to the list, also from nowhere.
            expected = {404} if route.parameters else {200, 302, 422}
            assert answer.status_code in expected, named((route, method))

    def test_has_no_other_method(self) -> None:
        """405 for what the page does not do."""
        client = staff_client(make_staff(*list_rights()))
        for route in ROUTES:
            for method in {"GET", "POST", "PUT", "DELETE"} - set(STAFF[route.name]["methods"]):
                assert ask(client, route, method).status_code == 405, named((route, method))


class TestASession:
    def test_of_the_password_alone_opens_nothing(self) -> None:
        """INC-15: staff with a second factor who gave the password only are nobody yet."""
        user = make_staff(REVIEW)
        turn_on_totp(user)
        client = Client()
        assert give_password(client, user).status_code == 302
        answer = client.get("/staff/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")

    def test_from_before_the_second_factor_is_told_to_sign_in_again(self) -> None:
        """A factor that another session gave does not count here."""
        user = make_staff(REVIEW)
        client = signed_in(user)
        staff_client(user)
        answer = client.get("/staff/")
        assert answer.status_code == 403
        assert reverse("accounts:sign_out") in answer.content.decode()

    def test_ends_for_who_is_no_longer_staff(self) -> None:
        """Rights are asked at each request."""
        user = make_staff(REVIEW)
        client = staff_client(user)
        assert client.get("/staff/").status_code == 200
        type(user).objects.filter(pk=user.pk).update(is_staff=False)
        assert client.get("/staff/").status_code == 404


class TestTheStartPage:
    def test_shows_what_waits_in_rooms_of_the_own_rights(self) -> None:
        """The page is about work, not about menus."""
        text = staff_client(make_staff(REVIEW)).get("/staff/").content.decode()
        assert reverse("accounts:staff_identity") in text
        assert reverse("accounts:staff") not in text

    def test_says_so_where_there_is_no_right(self) -> None:
        """UI-5"""
        text = staff_client(make_staff()).get("/staff/").content.decode()
        assert reverse("accounts:staff_identity") not in text
        assert "Nothing is yours to do here yet" in text

    @pytest.mark.parametrize("is_staff", [True, False])
    def test_is_in_the_profile_menu_of_staff_alone(self, is_staff: bool) -> None:
        """Who is no staff sees no link."""
        user = make_staff() if is_staff else register()
        text = client_of(user).get(reverse("accounts:profile")).content.decode()
        assert ('href="/staff/"' in text) is is_staff
