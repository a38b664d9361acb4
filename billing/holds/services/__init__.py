"""The verbs of held orders and of the rules that hold them (PRD-5)."""

from billing.holds.services.ask import ask_again, ask_for_check
from billing.holds.services.decide import note_refunded, refuse_hold, release_hold
from billing.holds.services.edit import change_rule
from billing.holds.services.hold import hold_suspicious

__all__ = [
    "ask_again",
    "ask_for_check",
    "change_rule",
    "hold_suspicious",
    "note_refunded",
    "refuse_hold",
    "release_hold",
]
