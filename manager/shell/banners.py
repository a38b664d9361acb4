"""What stands across the top of an organization's pages until it is seen to."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from billing.holds.selectors import find_open_holds
from organizations.access.policies import lacks_factor
from organizations.access.roles import Permission

if TYPE_CHECKING:
    from manager.shell.context import Shell

Banner = dict[str, Any]


def build_banners(shell: "Shell") -> list[Banner]:
    """Return the banners of the present page."""
    if shell.organization_row is None:
        return []
    return [*_held_orders(shell), *_visit(shell), *_support_access(shell), *_second_factor(shell)]


def _held_orders(shell: "Shell") -> list[Banner]:
    """Tell that an order is held, and where the check is sent again (PRD-5)."""
    if Permission.BILLING_VIEW not in shell.can or shell.organization_row is None:
        return []
    holds = find_open_holds(organization_id=shell.organization_row.pk) if shell.facts.held_orders else []
    if not holds:
        return []
    day = date_format(localtime(holds[0].answer_by), "DATE_FORMAT")
    url = reverse("billing:order", args=[shell.organization_row.pk, holds[0].order_id])
    if len(holds) > 1:
        url = shell.url("billing:orders") + "?status=held"
    text = _("We need to know who ordered before we set it up. Please look into your mails by %(day)s.")
    title = _("Order %(number)s is held") if len(holds) == 1 else _("Several orders are held")
    return [
        {
            "tone": "negative",
            "icon": "shield-alert",
            "title": title % {"number": holds[0].order_id} if len(holds) == 1 else title,
            "text": text % {"day": day},
            "url": "" if shell.request.path == url else url,
            "action_label": _("Show the order") if len(holds) == 1 else _("Show the orders"),
        }
    ]


def _visit(shell: "Shell") -> list[Banner]:
    """Tell the operator's support where it is, until when, and how to leave (ORG-15)."""
    visit = getattr(shell.request, "visit", None)
    if visit is None:
        return []
    text = _("The customer reads every page that you open. Open until %(until)s: %(kinds)s")
    until = date_format(localtime(visit.last_moment), "DATETIME_FORMAT")
    return [
        {
            "tone": "notice",
            "icon": "life-buoy",
            "title": _("You are here as support"),
            "text": text % {"kinds": ", ".join(visit.kinds), "until": until},
            "action": reverse("organizations:staff_support_leave"),
            "action_label": _("Leave"),
        }
    ]


def _support_access(shell: "Shell") -> list[Banner]:
    """Remind those who lead the organization that support has access, and where to end it (ORG-15)."""
    if Permission.ORGANIZATION_MANAGE not in shell.can or shell.organization_row is None:
        return []
    until = shell.facts.support_until
    url = shell.url("organizations:support_access")
    if until is None or shell.is_current(url):
        return []
    day = date_format(localtime(until - timedelta(seconds=1)), "DATETIME_FORMAT")
    return [
        {
            "tone": "info",
            "icon": "life-buoy",
            "title": _("Support has access until %(until)s") % {"until": day},
            "text": _("You see what it does, and can end it at any time."),
            "url": url,
            "action_label": _("See or end it"),
        }
    ]


def _second_factor(shell: "Shell") -> list[Banner]:
    """Tell a member without a second factor from when one is needed here."""
    membership = getattr(shell.request, "membership", None)
    policy = lacks_factor(membership) if membership is not None else None
    if policy is None:
        return []
    day = date_format(policy.required_on, "DATE_FORMAT")
    text = _("From %(day)s on this organization opens only with a second factor. Yours is not set up yet.")
    return [
        {
            "tone": "notice",
            "title": _("Please set up a second factor"),
            "text": text % {"day": day},
            "url": reverse("accounts:security"),
            "action_label": _("Set it up"),
        }
    ]
