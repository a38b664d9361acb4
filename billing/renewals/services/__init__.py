"""The verbs of automatic renewal."""

from billing.renewals.services.address import prefer_address
from billing.renewals.services.charge import charge_renewals
from billing.renewals.services.outcome import fail_renewals, settle_renewals
from billing.renewals.services.switch import (
    AutoRenewRefused,
    Switched,
    prefer_method,
    switch_many,
    switch_off,
    switch_on,
    try_default_again,
)
from billing.renewals.services.take_back import take_back

__all__ = [
    "AutoRenewRefused",
    "Switched",
    "charge_renewals",
    "fail_renewals",
    "prefer_address",
    "prefer_method",
    "settle_renewals",
    "switch_many",
    "switch_off",
    "switch_on",
    "take_back",
    "try_default_again",
]
