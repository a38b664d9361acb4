"""The verbs of receivers of billing messages."""

from billing.receivers.services.answer import accept_messages, can_accept, refuse_messages
from billing.receivers.services.ask import add_receiver, ask_receiver
from billing.receivers.services.change import change_receiver, forget_receivers, remove_receivers

__all__ = [
    "accept_messages",
    "add_receiver",
    "ask_receiver",
    "can_accept",
    "change_receiver",
    "forget_receivers",
    "refuse_messages",
    "remove_receivers",
]
