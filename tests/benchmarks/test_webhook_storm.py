"""Ten thousand messages of the provider, duplicated, shuffled, late and 5 % forged (INC-22, INC-23)."""

from billing.proof.services import find_differences
from tests.billing.webhooks.storm import weather


def test_ten_thousand_messages_end_as_a_straight_replay(psp):
    """INC-23: the same end state as each message once, in order; forged ones are without effect."""
    stormy, straight, forged = weather(10_000)
    assert stormy == straight
    assert forged == 0
    assert find_differences() == []
