"""The verbs of restores: order one, and carry it out once it is paid."""

from billing.restores.services.fulfil import fulfil_restore
from billing.restores.services.order import order_restore

__all__ = ["fulfil_restore", "order_restore"]
