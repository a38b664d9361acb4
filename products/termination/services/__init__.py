"""The verbs of a termination."""

from products.termination.services.ask import ask_termination
from products.termination.services.confirm import confirm_termination
from products.termination.services.withdraw import expire_termination, withdraw_termination

__all__ = [
    "ask_termination",
    "confirm_termination",
    "expire_termination",
    "withdraw_termination",
]
