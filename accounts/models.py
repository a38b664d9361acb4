"""The models of the rooms of `accounts`."""

from accounts.users.models import User

__all__ = ["User"]
