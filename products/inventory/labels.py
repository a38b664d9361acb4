"""Words and tones by which pages show a product: its state, its days, its steps, its activity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from manager.kit.actor import ActorKind
from manager.kit.errors import Text
from manager.kit.money import Money
from organizations.audit.labels import label_of
from organizations.audit.models import AuditEvent
from products.catalog.labels import describe_period
from products.inventory.models import Product
from products.inventory.status import LIVING, RENEWABLE, ProductStatus
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
    "product.changed": _("Offer changed"),
    "product.activated": _("Activated"),
    "product.extended": _("Extended"),
    "product.suspended": _("Suspended"),
    "product.resumed": _("Resumed"),
    "product.terminated": _("Terminated"),
    "product.restored": _("Restored"),
    "product.purged": _("Cleared away"),
    "product.entered_redemption": _("Entered redemption"),
    "product.released": pgettext_lazy("a product", "Released"),
    "product.renamed": _("Renamed"),
    "product.described": _("Own words changed"),
    "product.tagged": _("Tags changed"),
    "product.action_asked": _("Action asked for"),
    "product.action_cancelled": _("Action cancelled"),
    "product.action_done": _("Action done"),
    "product.action_failed": _("Action failed"),
    "product.action_retried": _("Action tried again"),
    "product.received": _("Received from another organization"),
    "product.transfer_offered": _("Offered to another organization"),
}


SERVICE_DETAILS: dict[str, Text] = {
    "account": _("Account"),
    "server": _("Server"),
    "address": _("Address"),
    "units": _("Units"),
    "power": _("Power"),
}


@dataclass(slots=True)
class ProductRow:
    """A product as lists and its page show it; `price` is that of its next period, with its options.

    `tags` are what a list shows of them (name and hue).
    """

    product: Product
    today: date
    price: Money | None
    may_manage: bool
    options: Sequence[str] = ()
    tags: Sequence[Any] = ()

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES[ProductStatus(self.product.status)]

    @property
    def renews(self) -> bool:
        """Whether it can be renewed."""
        return self.product.status in RENEWABLE

    @property
    def can_end(self) -> bool:
        """Whether it can be terminated by a wish."""
        return self.product.status in LIVING

    @property
    def is_expired(self) -> bool:
        """Whether the first unpaid day has come."""
        return self.product.expires_on is not None and self.product.expires_on <= self.today

    @property
    def offer(self) -> str:
        """The plan's name, unless the product is called just so."""
        return "" if self.product.name == self.product.plan.name else self.product.plan.name

    @property
    def days_left(self) -> str:
        """How long until it expires, or since when it has, in words."""
        days = self.product.days_left(self.today)
        return "" if days is None else describe_days(days)

    @property
    def period(self) -> str:
        """The period by which it renews, in words."""
        return describe_period(self.product.months)


def describe_days(days: int) -> str:
    """Return a number of days from today in words; negative ones are past."""
    if days == 0:
        return str(_("today"))
    if days > 0:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}


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
    StepKind.WARRANTY: (
        _("Renewal Warranty"),
        _("We try to reach you. If it is not paid by then, we renew it at our risk and send the invoice."),
        "shield-check",
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
        if step.money is not None:
            text = f"{text} {_price(step)}"
        days = [other.on for other in steps[index:] if other.kind == step.kind]
        when = f"{date_format(step.on)} ({describe_days((step.on - today).days)})"
        if len(days) > 1:
            later = ", ".join(date_format(day) for day in days[1:])
            again = _("Again on: %(days)s.") % {"days": later}
            text = f"{text} {again}"
        # The next step is a full dot, the later ones carry their icons.
        state = "next" if entries else "current"
        entries.append(TimelineEntry(title, when, text, state, icon if entries else ""))
    return entries


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a product, in words."""

    title: str
    text: str
    at: datetime


def describe_activity(events: Iterable[AuditEvent]) -> list[Act]:
    """Return acts of the audit log in words, with who did them."""
    return [Act(_act_title(event), _act_text(event), event.at) for event in events]


def _act_title(event: AuditEvent) -> str:
    if event.name == "product.auto_renew_changed":
        return str(_("Automatic renewal on") if event.data.get("on") else _("Automatic renewal off"))
    return str(ACTIVITY.get(event.name) or label_of(event.name))


def _act_text(event: AuditEvent) -> str:
    who = str(_("By the panel itself")) if event.actor_kind == ActorKind.SYSTEM else event.actor_name
    if event.name == "product.renamed":
        names = {"before": event.data.get("before", ""), "after": event.data.get("after", ""), "who": who}
        return str(_("%(before)s is now %(after)s. %(who)s") % names)
    return who


def describe_service(data: Mapping[str, Any]) -> list[tuple[Text, Any]]:
    """Return what a driver remembers of a service as labelled details; nested values stay with the driver."""
    known = {key: data[key] for key in SERVICE_DETAILS if key in data}
    plain = [(key, value) for key, value in {**known, **data}.items() if isinstance(value, str | int)]
    return [(SERVICE_DETAILS.get(key, key.replace("_", " ").capitalize()), value) for key, value in plain]


def _price(step: Step) -> str:
    price = step.money.format() if step.money else ""
    if step.kind == StepKind.REDEMPTION:
        return str(_("Restoring then costs %(price)s with its renewal, without VAT.") % {"price": price})
    if step.kind == StepKind.RELEASE:
        return str(
            _("Until then, restoring costs %(price)s with its renewal, without VAT.") % {"price": price}
        )
    return str(_("%(price)s without VAT.") % {"price": price})


def _renewal(step: Step) -> tuple[str, str, str]:
    until = date_format(step.until) if step.until else ""
    return (
        str(_("Renewal")),
        str(_("Once it is charged, the product is paid until %(day)s.") % {"day": until}),
        "refresh-cw",
    )
