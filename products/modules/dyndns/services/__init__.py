"""Verbs of DynDNS names."""

from products.modules.dyndns.services.hosts import add_host, remove_host, renew_key
from products.modules.dyndns.services.update import Told, update_host

__all__ = ["Told", "add_host", "remove_host", "renew_key", "update_host"]
