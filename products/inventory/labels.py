"""Words and tones by which pages show a product: its state, its days, its steps, its activity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from manager.kit.errors import Text
from manager.kit.money import Money
from products.inventory.models import Product
from products.inventory.status import RENEWABLE, ProductStatus
from products.inventory.timeline import Step, StepKind

TONES = {
    ProductStatus.PENDING: "info",
    ProductStatus.ACTIVE: "positive",
    ProductStatus.SUSPENDED: "negative",
    ProductStatus.REDEMPTION: "notice",
    ProductStatus.TERMINATED: "neutral",
    ProductStatus.RELEASED: "neutral",
}
ACTIVITY: dict[str, Text] = {
    "product.created": _("Ordered"),
    "product.activated": _("Activated"),
    "product.extended": _("Extended"),
    "product.suspended": _("Suspended"),
    "product.resumed": _("Resumed"),
    "product.terminated": _("Terminated"),
    "product.entered_redemption": _("Entered redemption"),
    "product.released": _("Released"),
    "product.renamed": _("Renamed"),
    "product.auto_renew_changed": _("Automatic renewal changed"),
}


SERVICE_DETAILS: dict[str, Text] = {
    "account": _("Account"),
    "server": _("Server"),
    "address": _("Address"),
    "units": _("Units"),
    "power": _("Power"),
}


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product as lists and its page show it."""

    product: Product
    today: date
    price: Money | None
    may_manage: bool

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES[ProductStatus(self.product.status)]

    @property
    def renews(self) -> bool:
        """Whether it can be renewed."""
        return self.product.status in RENEWABLE

    @property
    def days_left(self) -> str:
        """How long until it expires, or since when it has, in words."""
        days = self.product.days_left(self.today)
        return "" if days is None else describe_days(days)

    @property
    def period(self) -> str:
        """The period by which it renews, in words."""
        return describe_months(self.product.months)


def describe_days(days: int) -> str:
    """Return a number of days from today in words; negative ones are past."""
    if days == 0:
        return str(_("today"))
    if days > 0:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}


def describe_months(months: int) -> str:
    """Return a period in words: years where it is whole years, else months."""
    if months % 12 == 0:
        return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A step of the timeline in words."""

    title: str
    when: str
    text: str
    state: str
    icon: str


TITLES: dict[StepKind, tuple[Text, Text, str]] = {
    StepKind.REMINDER: (_("Reminder"), _("We write to the billing contacts."), "bell"),
    StepKind.CHARGE: (_("Automatic charge"), _("Your saved payment method is charged."), "credit-card"),
    StepKind.RETRY: (_("Another try"), _("Only if the charge did not succeed before."), "rotate-ccw"),
    StepKind.SUSPENSION: (
        _("Suspension"),
        _("Only if it is not paid by then. Nothing is deleted."),
        "circle-pause",
    ),
    StepKind.TERMINATION: (
        _("Termination"),
        _("Only if it is not paid by then. Its data is deleted."),
        "trash-2",
    ),
    StepKind.REDEMPTION: (
        _("Redemption"),
        _("Only if it is not paid by then. It can still be restored for a while."),
        "life-buoy",
    ),
    StepKind.RELEASE: (
        _("Release"),
        _("Only if nobody restores it. Anybody may then register it."),
        "unlink",
    ),
}


def describe_timeline(steps: Sequence[Step], today: date) -> list[TimelineEntry]:
    """Return the steps in words; reminders and tries that follow each other become one entry."""
    entries: list[TimelineEntry] = []
    for index, step in enumerate(steps):
        if step.kind == StepKind.RENEWAL:
            title, text, icon = _renewal(step)
        else:
            title, text, icon = (str(part) for part in TITLES[step.kind])
        if index and steps[index - 1].kind == step.kind:
            continue
        days = [other.on for other in steps[index:] if other.kind == step.kind]
        when = f"{date_format(step.on)} ({describe_days((step.on - today).days)})"
        if len(days) > 1:
            later = ", ".join(date_format(day, "SHORT_DATE_FORMAT") for day in days[1:])
            text = f"{text} {_('Again on: %(days)s.') % {'days': later}}"
        entries.append(TimelineEntry(title, when, text, "next" if entries else "current", icon))
    return entries


def describe_service(data: Mapping[str, Any]) -> list[tuple[Text, Any]]:
    """Return what a driver remembers of a service as labelled details; nested values stay with the driver."""
    plain = [(key, value) for key, value in data.items() if isinstance(value, str | int) and value != ""]
    return [(SERVICE_DETAILS.get(key, key.replace("_", " ").capitalize()), value) for key, value in plain]


def _renewal(step: Step) -> tuple[str, str, str]:
    until = date_format(step.until) if step.until else ""
    return (
        str(_("Renewal")),
        str(_("Once it is charged, the product is paid until %(day)s.") % {"day": until}),
        "refresh-cw",
    )
