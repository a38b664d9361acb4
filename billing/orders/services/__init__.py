"""The verbs of cart and order."""

from billing.orders.services.cancel import cancel_order
from billing.orders.services.cart import add_to_cart, change_cart_line, remove_from_cart
from billing.orders.services.credit import choose_credit
from billing.orders.services.paid import mark_order_paid
from billing.orders.services.place import place_order

__all__ = [
    "add_to_cart",
    "cancel_order",
    "change_cart_line",
    "choose_credit",
    "mark_order_paid",
    "place_order",
    "remove_from_cart",
]
