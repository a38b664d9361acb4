"""Schemathesis over every operation of the document; all kinds of people take turns (API-4)."""

import pytest

from tests.api.examples import PEOPLE, Examples, operations
from tests.hostile.sender import Sender

PARTS = 10  # so that several workers share them


@pytest.mark.parametrize("part", range(PARTS))
def test_answers_are_those_of_the_document(sender: Sender, part: int) -> None:
    """API-4: no answer 5xx, no status and no shape that the document does not tell, whatever is sent."""
    chosen = operations()[part::PARTS]
    for operation in chosen:
        Examples(sender, operation).play()
    sender.report.close(f"examples, part {part + 1} of {PARTS}", at_least=len(chosen) * len(PEOPLE))
