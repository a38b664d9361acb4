"""What stands across the top of an organization's pages until it is seen to."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.access.policies import lacks_factor

if TYPE_CHECKING:
    from manager.shell.context import Shell

Banner = dict[str, Any]


def build_banners(shell: "Shell") -> list[Banner]:
    """Return the banners of the present page."""
    if shell.organization_row is None:
        return []
    return [*_second_factor(shell)]


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
