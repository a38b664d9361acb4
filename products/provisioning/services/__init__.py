"""Verbs of provisioning. A row is the work; the drains in `periodic.py` do it."""

from products.provisioning.services.ask import (
    ActionNotOffered,
    ActionNotPossible,
    ActionPending,
    ask_action,
)
from products.provisioning.services.ask_own import ask_own_action
from products.provisioning.services.cancel import (
    ActionUnderWay,
    cancel_action,
    cancel_waiting_actions,
    dismiss_action,
    give_up_actions,
)
from products.provisioning.services.retry import retry_action, retry_service
from products.provisioning.services.take_callback import take_callback
from products.provisioning.services.want import want_change, want_service

__all__ = [
    "ActionNotOffered",
    "ActionNotPossible",
    "ActionPending",
    "ActionUnderWay",
    "ask_action",
    "ask_own_action",
    "cancel_action",
    "cancel_waiting_actions",
    "dismiss_action",
    "give_up_actions",
    "retry_action",
    "retry_service",
    "take_callback",
    "want_change",
    "want_service",
]
