"""The verbs of automatic renewal."""

from billing.renewals.services.charge import charge_renewals
from billing.renewals.services.outcome import fail_renewals, settle_renewals
from billing.renewals.services.prefer import (
    Held,
    MeansRefused,
    Preferred,
    prefer_address,
    prefer_method,
)
from billing.renewals.services.switch import (
    AutoRenewRefused,
    Switched,
    switch_many,
    switch_off,
    switch_on,
    try_default_again,
)
from billing.renewals.services.take_back import take_back

__all__ = [
    "AutoRenewRefused",
    "Held",
    "MeansRefused",
    "Preferred",
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
