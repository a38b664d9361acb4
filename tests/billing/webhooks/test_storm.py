"""Many messages of the provider lead to the end state of a straight replay (INC-22, INC-23)."""

from billing.proof.services import find_differences
from tests.billing.webhooks.storm import weather


def test_a_storm_of_messages_ends_as_a_straight_replay(psp):
    """INC-23: duplicated, shuffled, late; 5 % are forged and change nothing. 10,000 run in `make bench`."""
    stormy, straight, forged = weather(800)
    assert stormy == straight
    assert forged == 0
    assert sum(stormy["provider"]) < 0
    assert stormy["disputes"]
    assert find_differences() == []
