"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

MEND_EVENTS = "billing.mend_events"

register_right(MEND_EVENTS, _("Look after messages of payment providers"))
