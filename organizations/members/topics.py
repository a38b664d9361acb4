"""Which administrative mails there are, and who gets them unless told otherwise (ORG-11)."""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text
from organizations.access.roles import UNRESTRICTED, Role


class Topic(models.TextChoices):
    """A kind of administrative mail of an organization."""

    BILLING = "billing", _("Billing")
    REMINDERS = "reminders", _("Renewal reminders")
    TECHNICAL = "technical", _("Technical")
    LEGAL = "legal", _("Legal")


TOPIC_HINTS: dict[str, Text] = {
    Topic.BILLING: _("Invoices, payments and what did not work with them."),
    Topic.REMINDERS: _("What expires soon and does not renew by itself."),
    Topic.TECHNICAL: _("Products that start, stop or need attention."),
    Topic.LEGAL: _("Terms, the contract, and who may act for the organization."),
}

# These tell prices and amounts: they go to members with the billing right only.
NEEDS_BILLING = frozenset({Topic.BILLING, Topic.REMINDERS})


def default_topics(role: str, *, has_billing: bool) -> frozenset[str]:
    """Return what a member gets who has chosen nothing."""
    topics: set[str] = set()
    if has_billing:
        topics |= NEEDS_BILLING
    if role in UNRESTRICTED:
        topics.add(Topic.TECHNICAL)
    if role == Role.LEGAL_REPRESENTATIVE:
        topics.add(Topic.LEGAL)
    return frozenset(topics)


def effective_topics(chosen: Collection[str] | None, role: str, *, has_billing: bool) -> frozenset[str]:
    """Return what a member gets; what tells amounts only with the billing right."""
    if chosen is None:
        return default_topics(role, has_billing=has_billing)
    known = frozenset(chosen) & frozenset(Topic.values)
    return known if has_billing else known - NEEDS_BILLING
