"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

FOLLOW_RUNS = "billing.follow_runs"

register_right(FOLLOW_RUNS, _("Follow the runs of the renewals and look after the quarantine"))
