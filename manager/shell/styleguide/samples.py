"""Invented data for the styleguide: long names, large amounts, every status. No database."""

from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from manager.kit.money import Money

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

PRODUCTS = [
    {"id": 1, "name": "atelier-nord.ch", "kind": "Domain name", "icon": "globe", "tone": "positive",
     "status": "Active", "price": Money(1490, "CHF"), "renews": True},
    {"id": 2, "name": "donaudampfschifffahrtsgesellschaft-verwaltung.example", "kind": "Web hosting",
     "icon": "server", "tone": "notice", "status": "Due in 14 days", "price": Money(11880, "CHF"), "renews": False},
    {"id": 3, "name": "Backup of the Geneva office", "kind": "Swiss Backup", "icon": "database-backup",
     "tone": "negative", "status": "Suspended", "price": Money(1_234_567, "CHF"), "renews": False},
    {"id": 4, "name": "vps-build-01", "kind": "VPS Lite", "icon": "cpu", "tone": "info",
     "status": "Being set up", "price": Money(900, "CHF"), "renews": True},
]  # fmt: skip

MENU = [
    {"label": "Home", "icon": "house", "url": "#", "current": False},
    {"label": "Collaboration tools", "icon": "messages-square", "url": "#", "heading": "Products", "count": 4},
    {"label": "Web & domains", "icon": "globe", "url": "#", "current": True, "children": [
        {"label": "Domain names", "url": "#", "current": True, "count": 12},
        {"label": "Web hosting", "url": "#", "count": 3},
        {"label": "Verwaltete Cloud-Server und SSL-Zertifikate", "url": "#"},
    ]},
    {"label": "Cloud computing", "icon": "cloud", "url": "#"},
    {"label": "Events & marketing", "icon": "ticket", "url": "#"},
    {"label": "Streaming", "icon": "radio", "url": "#"},
    {"label": "To pay", "icon": "wallet", "url": "#", "heading": "Accounting", "count": 3},
    {"label": "Pending orders", "icon": "clock", "url": "#", "count": 1},
    {"label": "Invoice history", "icon": "receipt", "url": "#"},
    {"label": "Payment methods", "icon": "credit-card", "url": "#"},
    {"label": "User management", "icon": "users", "url": "#", "heading": "Organization"},
    {"label": "Organization", "icon": "building-2", "url": "#"},
]  # fmt: skip

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
            {"label": "Collaboration tools", "items": _items("Mail service", "kSuite", "kDrive", icon="mail")},
            {"label": "Web & domains", "items": _items("Domain name", "Web hosting", "SSL certificate", icon="globe")},
            {"label": "Cloud computing", "items": _items("VPS Cloud", "Public Cloud", "Database service", icon="cloud")},
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
