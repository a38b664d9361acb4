"""The verbs of withdrawals: prepaid to payouts with the request, payouts to bank when it is paid (BIL-7).

Each is one transaction of status and journal. Locks are taken in one order: the accounts, the withdrawal.
"""

from billing.withdrawals.services.decide import (
    approve_withdrawal,
    cancel_withdrawal,
    make_batch,
    pay_withdrawal,
    refuse_withdrawal,
    return_withdrawal,
)
from billing.withdrawals.services.request import Destination, request_withdrawal

__all__ = [
    "Destination",
    "approve_withdrawal",
    "cancel_withdrawal",
    "make_batch",
    "pay_withdrawal",
    "refuse_withdrawal",
    "request_withdrawal",
    "return_withdrawal",
]
