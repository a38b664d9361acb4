"""Invented data for the styleguide: long names, large amounts, every status. No database."""

from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from manager.kit.money import Money

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def _product(
    number: int, name: str, amount: int, *, kind: str, icon: str, tone: str, status: str
) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "kind": kind,
        "icon": icon,
        "tone": tone,
        "status": status,
        "price": Money(amount, "CHF"),
        "renews": number % 3 == 1,
        "expires": MOMENT,
    }


LONG_NAME = "donaudampfschifffahrtsgesellschaft-verwaltung.example"
PRODUCTS = [
    _product(1, "atelier-nord.ch", 1490, kind="Domain name", icon="globe", tone="positive", status="Active"),
    _product(2, LONG_NAME, 11_880, kind="Web hosting", icon="server", tone="notice", status="Due in 14 days"),
    _product(
        3,
        "Backup of Geneva",
        1_234_567,
        kind="Swiss Backup",
        icon="hard-drive",
        tone="negative",
        status="Suspended",
    ),
    _product(4, "vps-build-01", 900, kind="VPS Lite", icon="cpu", tone="info", status="Being set up"),
]


def _entry(label: str, icon: str, **more: Any) -> dict[str, Any]:
    return {"label": label, "icon": icon, "url": "#", **more}


WEB = [
    {"label": "Domain names", "url": "#", "current": True, "count": 12},
    {"label": "Web hosting", "url": "#", "count": 3},
    {"label": "Verwaltete Cloud-Server und SSL-Zertifikate", "url": "#"},
]
MENU = [
    _entry("Home", "house"),
    _entry("Collaboration tools", "messages-square", heading="Products", count=4),
    _entry("Web & domains", "globe", current=True, children=WEB),
    _entry("Cloud computing", "cloud"),
    _entry("Events & marketing", "ticket"),
    _entry("Streaming", "radio"),
    _entry("To pay", "wallet", heading="Accounting", count=3),
    _entry("Pending orders", "clock", count=1),
    _entry("Invoice history", "receipt"),
    _entry("Payment methods", "credit-card"),
    _entry("User management", "users", heading="Organization"),
    _entry("Organization", "building-2"),
]

ORGANIZATIONS = [
    ("Atelier Nord Sàrl", "Legal representative", 2, True),
    ("Bäckerei Zur Alten Mühle", "Administrator", 0, False),
    ("Association des amis de la bibliothèque universitaire de Genève", "Collaborator", 0, False),
    ("Cooperativa Verde", "External user", 1, False),
    ("Kanton Musterland", "Collaborator", 0, False),
    ("Zephyr Media", "Administrator", 0, False),
]


def sample_shell(*, theme: str) -> dict[str, Any]:
    """Return what the layouts read, with every part of the frame in use."""
    organizations = [
        {"id": number, "name": name, "role_label": role, "url": "#", "alerts": alerts, "current": current}
        for number, (name, role, alerts, current) in enumerate(ORGANIZATIONS, start=1)
    ]
    return {
        "brand_name": "Manager",
        "home_url": reverse("styleguide:components"),
        "organization": organizations[0],
        "organizations": organizations,
        "new_organization_url": "#",
        "organizations_url": "#",
        "menu": MENU,
        "counters": {"to_pay": 3, "pending_orders": 1, "to_pay_url": "#", "pending_orders_url": "#"},
        "products_menu": [
            {
                "label": "Collaboration tools",
                "items": _items("Mail service", "kSuite", "kDrive", icon="mail"),
            },
            {
                "label": "Web & domains",
                "items": _items("Domain name", "Web hosting", "SSL certificate", icon="globe"),
            },
            {
                "label": "Cloud computing",
                "items": _items("VPS Cloud", "Public Cloud", "Database service", icon="cloud"),
            },
        ],
        "shop_url": "#",
        "cart_url": "#",
        "cart_count": 2,
        "user": {"name": "Anna Keller", "initials": "AK", "email": "anna.keller@atelier-nord.example"},
        "profile_url": "#",
        "profile_menu": [{"label": "My organizations", "icon": "building-2", "url": "#"}],
        "languages": [
            {"code": "en", "name": "English", "current": True},
            {"code": "de", "name": "Deutsch", "current": False},
        ],
        "language_url": "#",
        "theme": theme,
        "theme_url": "#",
        "sign_out_url": "#",
        "inbox_url": "#",
        "search_url": "#",
        "help_url": "#",
    }


def _items(*labels: str, icon: str) -> list[dict[str, str]]:
    return [{"label": label, "icon": icon, "url": "#"} for label in labels]
