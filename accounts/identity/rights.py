"""The rights of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

REVIEW_IDENTITY = "accounts.review_identity"

register_right(REVIEW_IDENTITY, _("Review identity checks"))
