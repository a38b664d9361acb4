"""How the log of what was done names calendars (ORG-16)."""

from django.utils.translation import gettext_lazy as _

from organizations.audit.subjects import SubjectKind, register_subject

register_subject(
    "expiryfeed",
    SubjectKind(words=_("Calendar of expiries")),
)
