"""What the kinds of products are called where they are listed: in menus, filters and titles."""

from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text
from products.catalog.models import Plan

NAMES: dict[str, Text] = {
    "access-control": _("Access control"),
    "ai": _("AI tools"),
    "auth": _("Sign-in service"),
    "availability": _("Very high availability"),
    "backup": _("Backups"),
    "brand": _("Custom brand"),
    "certificate": _("SSL certificates"),
    "chat": _("Chat"),
    "database": _("Databases"),
    "domain": _("Domain names"),
    "drive": _("File storage"),
    "guests": _("Guest lists"),
    "hosting": _("Hosting"),
    "housing": _("Housing"),
    "iaas": _("Public cloud"),
    "kubernetes": _("Kubernetes"),
    "links": _("Short links"),
    "mail": _("Mail services"),
    "meeting": _("Video meetings"),
    "nas": _("NAS"),
    "newsletter": _("Newsletters"),
    "notes": _("Encrypted notes"),
    "paas": _("Application platform"),
    "radio": _("Radio streaming"),
    "server": _("Managed servers"),
    "site": _("Site creator"),
    "ticketing": _("Ticketing"),
    "transfer": _("File transfer"),
    "video": _("Video streaming"),
    "vod": _("Video on demand"),
    "vps": _("Virtual servers"),
    "workspace": _("Workspaces"),
}


def name_of_kind(kind: str) -> str:
    """Return what products of the kind are called together; its own word where staff made up a new one."""
    return str(NAMES.get(kind) or kind.replace("-", " ").capitalize())


def order_kinds(plans: QuerySet[Plan]) -> QuerySet[Plan, str]:
    """Return the kinds of these plans, each once, in the order of the shop."""
    kinds = plans.order_by().values("kind").annotate(family=Min("family__position"), place=Min("position"))
    return kinds.order_by("family", "place", "kind").values_list("kind", flat=True)
