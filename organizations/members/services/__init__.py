"""What can be done with members and invitations."""

from organizations.members.services.accept import accept_invitation
from organizations.members.services.change_role import change_role
from organizations.members.services.invite import invite_members
from organizations.members.services.leave import leave_organization
from organizations.members.services.remove import remove_members
from organizations.members.services.resend import resend_invitation
from organizations.members.services.topics import choose_topics
from organizations.members.services.withdraw import withdraw_invitation

__all__ = [
    "accept_invitation",
    "change_role",
    "choose_topics",
    "invite_members",
    "leave_organization",
    "remove_members",
    "resend_invitation",
    "withdraw_invitation",
]
