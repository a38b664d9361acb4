"""Pages of organizations and of registration."""

from organizations.profile.views.registration import register, registered
from organizations.profile.views.sheets import create, mine, settings, switch

__all__ = ["create", "mine", "register", "registered", "settings", "switch"]
