"""The models of the demonstration."""

from manager.demo.inbox.models import InboxAttachment, InboxMessage

__all__ = ["InboxAttachment", "InboxMessage"]
