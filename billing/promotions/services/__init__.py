"""The verbs of codes and free credits."""

from billing.promotions.services.cart import enter_code, find_entered, remove_code
from billing.promotions.services.codes import add_code, change_code, close_code
from billing.promotions.services.credits import grant_credit, withdraw_credit
from billing.promotions.services.use import empty_cart_codes, give_back_uses, lock_codes, use_promotions

__all__ = [
    "add_code",
    "change_code",
    "close_code",
    "empty_cart_codes",
    "enter_code",
    "find_entered",
    "give_back_uses",
    "grant_credit",
    "lock_codes",
    "remove_code",
    "use_promotions",
    "withdraw_credit",
]
