"""What can be done with requests for access."""

from organizations.requests.services.ask import ask_access
from organizations.requests.services.decide import approve_request, refuse_request, withdraw_request

__all__ = ["approve_request", "ask_access", "refuse_request", "withdraw_request"]
