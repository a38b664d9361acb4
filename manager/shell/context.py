"""What the frame of a page shows: switcher, menu, counters, profile. Built only when a layout asks."""

from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.storefront.cart import read_cart
from manager.kit.addresses import organization_url, page_url
from manager.kit.clock import day_in
from manager.kit.scope import current_scope, person_scope
from manager.shell.banners import build_banners
from manager.shell.facts import Facts, read_facts
from manager.shell.menu import build_menu, build_person_menu, build_products_menu, build_staff_menu
from organizations.access.roles import Permission, role_label
from organizations.members.selectors import list_latest_memberships
from organizations.profile.switcher import describe
from products.catalog.selectors import list_families

# A page carries no more of them; the switcher asks for the rest when it is opened.
MOST_ORGANIZATIONS = 10


class Shell:
    """The frame's data, each part read at most once a request and only if the layout uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.organization_row = getattr(request, "organization", None)
        # Set by the guard of the back office alone.
        self.staff_rights: frozenset[str] | None = getattr(request, "staff_rights", None)
        self.can: frozenset[Permission] = getattr(request, "can", frozenset())
        self.brand_name = settings.BRAND_NAME
        self.theme_url = page_url("shell:theme")
        self.language_url = page_url("shell:language")
        self.home_url = page_url("shell:entrance" if self.staff_rights is None else "shell:staff_home")
        self.sign_in_url = page_url("accounts:sign_in")
        self.sign_out_url = page_url("accounts:sign_out")
        self.register_url = page_url("organizations:register")
        self.profile_url = page_url("accounts:profile")
        self.organizations_url = page_url("organizations:mine")
        self.new_organization_url = page_url("organizations:create")
        self.inbox_url = page_url("demo:inbox") if settings.DEMONSTRATION else None

    @cached_property
    def _person(self) -> Any:
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def user(self) -> dict[str, str] | None:
        """The person in the circle at the top right."""
        person = self._person
        if person is None:
            return None
        picture = reverse("accounts:avatar", args=[person.avatar_digest]) if person.avatar_digest else ""
        return {
            "name": person.name,
            "initials": person.initials,
            "email": person.email,
            "picture": picture,
        }

    @cached_property
    def theme(self) -> str:
        """The chosen theme, from the profile or the visitor's cookie."""
        chosen = self._person.theme if self._person else self.request.COOKIES.get("theme", "system")
        return chosen if chosen in {"light", "dark"} else "system"

    @cached_property
    def languages(self) -> list[dict[str, Any]]:
        """The panel's languages, each by its own name."""
        present = (get_language() or "en").split("-")[0]
        names = {"en": "English", "fr": "Français", "de": "Deutsch", "it": "Italiano", "es": "Español"}
        return [
            {"code": code, "name": names[code], "current": code == present}
            for code, _name in settings.LANGUAGES
        ]

    @cached_property
    def organization(self) -> dict[str, Any] | None:
        """The organization of the page, if it has one."""
        row = self.organization_row
        if row is None:
            return None
        return {
            "id": row.pk,
            "name": row.name,
            "initials": row.initials,
            "logo_url": reverse("organizations:logo", args=[row.pk, row.logo_digest])
            if row.logo_digest
            else None,
            "role_label": role_label(self.request.membership.role),  # type: ignore[attr-defined]  # by the guard
            "url": self.url("shell:home"),
        }

    @cached_property
    def organizations(self) -> list[dict[str, Any]]:
        """The person's organizations, last used first; at most ten (ORG-1)."""
        if self._person is None or self.staff_rights is not None:
            return []
        present = self.organization_row.pk if self.organization_row else None
        return [
            describe(membership, is_current=membership.organization_id == present)
            for membership in self._memberships[:MOST_ORGANIZATIONS]
        ]

    @cached_property
    def _memberships(self) -> list[Any]:
        with self._own_scope():
            return list_latest_memberships(user=self._person, limit=MOST_ORGANIZATIONS + 1)

    @property
    def more_organizations_url(self) -> str:
        """Where the whole list of organizations comes from when a page shows only the first of them."""
        if not self.organizations or len(self._memberships) <= MOST_ORGANIZATIONS:
            return ""
        present = self.organization_row.pk if self.organization_row else ""
        return (
            f"{reverse('organizations:switcher')}?{urlencode({'current': present, 'section': self.section})}"
        )

    @cached_property
    def section(self) -> str:
        """The page of the menu that the present page lies below, as what follows `/o/<id>/`."""
        if self.organization_row is None:
            return ""
        current = [entry["url"] for entry in self.menu if entry["current"]]
        return max(current, key=len, default=self.url("shell:home")).removeprefix(self.url("shell:home"))

    def _own_scope(self) -> AbstractContextManager[object]:
        """Return the scope in which the person's memberships are seen; the page's own where it has one."""
        return nullcontext() if current_scope().user_id == self._person.pk else person_scope(self._person.pk)

    @cached_property
    def families(self) -> list[Any]:
        """The families of the catalogue, for the menus."""
        return self.facts.families if self.organization_row else list(list_families())

    @cached_property
    def facts(self) -> Facts:
        """What the frame of a page of an organization counts, in one query."""
        row: Any = self.organization_row
        at = self.request.at  # type: ignore[attr-defined]  # by the guard
        return read_facts(organization=row, today=day_in(row.time_zone, at), at=at)

    @cached_property
    def menu(self) -> list[dict[str, Any]]:
        """The side menu: the back office's, an organization's, or the person's own where there is none."""
        if self.staff_rights is not None:
            return build_staff_menu(self)
        if self.organization_row:
            return build_menu(self)
        return build_person_menu(self) if self._person else []

    @property
    def last_organization(self) -> tuple[str, str] | None:
        """Name and home of the organization that the person used last (ORG-1)."""
        if not self.organizations:
            return None
        latest = self.organizations[0]
        return latest["name"], reverse("shell:home", args=[latest["id"]])

    @cached_property
    def banners(self) -> list[dict[str, Any]]:
        """What stands across the top of the page until it is seen to."""
        return build_banners(self)

    @cached_property
    def products_menu(self) -> list[dict[str, Any]]:
        """The products menu at the top right, by family."""
        return build_products_menu(self) if self.organization_row else []

    @property
    def products_menu_url(self) -> str | None:
        """Where the inside of the products menu comes from, with its search."""
        return self.url("shell:products_menu") if self.organization_row else None

    @cached_property
    def counters(self) -> dict[str, Any] | None:
        """What is due and what is pending (BIL-1, PRD-4), for those who may see it."""
        if self.organization_row is None or Permission.BILLING_VIEW not in self.can:
            return None
        return {
            "to_pay": self.facts.to_pay,
            "pending_orders": self.facts.pending_orders,
            "to_pay_url": self.url("billing:to_pay"),
            "pending_orders_url": self.url("billing:orders"),
        }

    @cached_property
    def open_requests(self) -> int:
        """How many requests for access wait for an answer of those who can give it (UI-6)."""
        if self.organization_row is None or Permission.MEMBERS_MANAGE not in self.can:
            return 0
        return self.facts.open_requests

    @cached_property
    def cart_count(self) -> int:
        """How many lines wait in the cart: a visitor's own, outside of organizations."""
        if self.organization_row is None and self.staff_rights is None:
            return len(read_cart(self.request))
        if self.organization_row is None or Permission.PRODUCTS_ORDER not in self.can:
            return 0
        return self.facts.cart_lines

    @property
    def shop_url(self) -> str | None:
        """Where to order; outside of organizations, the shop for visitors."""
        if self.organization_row is None:
            return reverse("billing:storefront") if self.staff_rights is None else None
        return self.url("billing:shop") if Permission.PRODUCTS_ORDER in self.can else None

    @property
    def cart_url(self) -> str | None:
        """Where the cart is; outside of organizations, the visitor's."""
        if self.organization_row is None:
            return reverse("billing:storefront_cart") if self.staff_rights is None else None
        return self.url("billing:cart") if Permission.PRODUCTS_ORDER in self.can else None

    @property
    def search_url(self) -> str | None:
        """Where the search at the top goes."""
        return self.url("shell:search") if self.organization_row else None

    @property
    def profile_menu(self) -> list[dict[str, str]]:
        """Further entries of the profile menu (ACC-3)."""
        entries = [
            {"label": _("Security"), "icon": "shield-check", "url": page_url("accounts:security")},
            {"label": _("My organizations"), "icon": "building-2", "url": page_url("organizations:mine")},
        ]
        if self.organization_row and Permission.ORGANIZATION_MANAGE in self.can:
            entries.append(
                {
                    "label": _("Manage my organization"),
                    "icon": "settings",
                    "url": self.url("organizations:settings"),
                }
            )
        if self._person and self._person.is_staff:
            entries.append(
                {"label": _("Back office"), "icon": "briefcase", "url": page_url("shell:staff_home")}
            )
        return entries

    def url(self, name: str, *words: str) -> str:
        """Return the address of a page of the present organization; `words` as of `organization_url`."""
        return organization_url(name, self.organization_row.pk, *words)  # type: ignore[union-attr]  # asked for inside one only

    def is_current(self, url: str) -> bool:
        """Return whether the present page lies at or below `url`."""
        return self.request.path.startswith(url)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the frame's data as `shell`."""
    try:
        return {"shell": Shell(request)}
    except NoReverseMatch:  # an error page while the routes themselves are broken
        return {}
