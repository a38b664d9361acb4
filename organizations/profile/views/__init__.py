"""Pages of organizations and of registration."""

from organizations.profile.views.logo import logo, remove_logo, upload_logo
from organizations.profile.views.own import mine, switch, switcher
from organizations.profile.views.registration import register, registered
from organizations.profile.views.sheets import create, settings
from organizations.profile.views.vat import check_vat

__all__ = [
    "check_vat",
    "create",
    "logo",
    "mine",
    "register",
    "registered",
    "remove_logo",
    "settings",
    "switch",
    "switcher",
    "upload_logo",
]
