"""The condition of this floor: nobody else is a member."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organizations.deletion.conditions import Condition
from organizations.members.models import Membership


def no_other_member(organization_id: int, at: datetime) -> Condition:
    """Return whether one member is left: the one who deletes."""
    others = max(Membership.objects.filter(organization_id=organization_id).count() - 1, 0)
    told = ngettext("%(count)d other member is left.", "%(count)d other members are left.", others)
    return Condition(
        code="no_other_member",
        label=_("Nobody else is a member"),
        met=others == 0,
        detail=told % {"count": others}
        if others
        else _("You are the only member. Logins are never deleted."),
        url=reverse("organizations:members", args=[organization_id]),
        action_label=_("Remove the members"),
    )
