"""Every page and operation says who may come in; one that says nothing fails, as a planted one does."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from accounts.sessions.staff import ANY_RIGHT, list_rights, staff_view
from manager.kit.requests import public
from organizations.access.guard import organization_view
from organizations.access.roles import (
    BILLING_PERMISSIONS,
    PERMISSION_LABELS,
    ROLE_PERMISSIONS,
    SUPPORT,
    Permission,
    Role,
)


def walk(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield each route with its view."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def is_marked(route: str, view: Callable[..., Any]) -> bool:
    """Return whether the view says who may come in, in the way that fits its address."""
    target = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    if getattr(target, "is_public", False) or getattr(view, "is_public", False):
        return True
    permissions, scopes = getattr(target, "permissions", None), getattr(target, "scopes", None)
    if route.startswith("api/"):
        if "<organization>" in route:
            return bool(permissions) and bool(scopes) and set(permissions) == set(scopes)
        return bool(scopes)
    staff_permission = getattr(view, "staff_permission", None)
    if route.startswith("staff/") or staff_permission is not None:
        # The guard of the back office stands at its addresses, and nowhere else.
        return route.startswith("staff/") and staff_permission in {ANY_RIGHT, *list_rights()}
    if "organization_id" in route:
        return bool(permissions)
    return bool(getattr(target, "is_person_view", False) or permissions)


def unmarked(resolver: Any) -> list[str]:
    """Return the routes whose view says nothing."""
    return [route for route, view in walk(resolver) if not is_marked(route, view)]


class Routes:
    """A resolver's stand-in with planted routes."""

    def __init__(self, *patterns: tuple[str, Callable[..., Any]]) -> None:
        self.url_patterns = [URLPattern(RoutePattern(route), view) for route, view in patterns]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class TestRoutes:
    def test_each_say_who_may_come_in(self) -> None:
        """ORG-17"""
        assert unmarked(get_resolver()) == []

    def test_are_many(self) -> None:
        """The walk reaches all apps."""
        names = {route.split("/")[0] for route, _ in walk(get_resolver())}
        assert {"o", "api", "register", "organizations"} <= names

    def test_without_a_mark_are_found(self) -> None:
        """The law can fail."""
        routes = Routes(
            ("planted/", page), ("o/<int:organization_id>/planted/", page), ("api/planted/", page)
        )
        assert len(unmarked(routes)) == 3

    def test_of_an_organization_need_a_permission(self) -> None:
        """A page of a person, or an operation without a right, does not do for an organization's address."""

        def person_page(request: HttpRequest) -> HttpResponse:
            return HttpResponse()

        person_page.is_person_view = True  # type: ignore[attr-defined]

        class Operation:
            scopes = {"GET": "x", "POST": "y"}
            permissions = {"GET": Permission.PRODUCTS_VIEW}

        person_page_operation = lambda request: HttpResponse()  # noqa: E731
        person_page_operation.view_class = Operation  # type: ignore[attr-defined]
        routes = Routes(
            ("o/<int:organization_id>/planted/", person_page),
            ("api/organizations/<organization>/planted", person_page_operation),
        )
        assert len(unmarked(routes)) == 2

    def test_of_the_back_office_need_its_guard_and_a_right_that_there_is(self) -> None:
        """INC-15: no other guard opens an address of the staff, and theirs opens no other address."""
        elsewhere = staff_view(ANY_RIGHT)(page)
        person_page = staff_view("accounts.everything")(page)
        organizations_page = organization_view(Permission.PRODUCTS_VIEW)(page)
        routes = Routes(
            ("staff/planted/", page),
            ("planted/", elsewhere),
            ("staff/invented/", person_page),
            ("staff/<int:organization_id>/", organizations_page),
        )
        assert len(unmarked(routes)) == 4

    def test_with_a_mark_pass(self) -> None:
        """The law can be kept."""
        guarded = organization_view(Permission.PRODUCTS_VIEW)(page)
        routes = Routes(
            ("o/<int:organization_id>/x/", guarded),
            ("y/", public(lambda request: HttpResponse())),
            ("staff/z/", staff_view(ANY_RIGHT)(page)),
        )
        assert unmarked(routes) == []


class TestVocabulary:
    def test_names_each_permission_for_people(self) -> None:
        """UI-6: a refusal can say what is missing."""
        assert set(PERMISSION_LABELS) == set(Permission)

    def test_gives_each_role_its_rights(self) -> None:
        """ORG-6"""
        assert set(ROLE_PERMISSIONS) == {*Role, SUPPORT}

    def test_gives_support_no_right_by_itself(self) -> None:
        """ORG-15: what it may do comes from the customer's leave alone."""
        assert ROLE_PERMISSIONS[SUPPORT] == frozenset()

    def test_gives_each_permission_to_some_role(self) -> None:
        """ORG-6"""
        assert frozenset().union(*ROLE_PERMISSIONS.values()) | BILLING_PERMISSIONS == set(Permission)
