"""Members and invitations over REST."""

from organizations.members.api.invitations import InvitationDetail, InvitationList, InvitationResend
from organizations.members.api.members import Leaving, MemberDetail, MemberList, OwnTopics

__all__ = [
    "InvitationDetail",
    "InvitationList",
    "InvitationResend",
    "Leaving",
    "MemberDetail",
    "MemberList",
    "OwnTopics",
]
