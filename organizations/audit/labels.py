"""What the events of the audit log are called on the page."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text

LABELS: dict[str, Text] = {
    "organization.created": _("Organization created"),
    "organization.edited": _("Organization edited"),
    "invitation.sent": _("Invitation sent"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "invitation.accepted": _("Invitation accepted"),
    "membership.role_changed": _("Role changed"),
    "membership.removed": _("Member removed"),
    "grant.given": _("Access granted"),
    "grant.revoked": _("Access ended"),
}


def label_of(name: str) -> Text:
    """Return what an event is called; its own name in words where nothing better is known."""
    return LABELS.get(name) or name.replace(".", " ").replace("_", " ").capitalize()
