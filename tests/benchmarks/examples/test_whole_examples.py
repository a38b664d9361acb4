"""All examples of the API's document as all people, of which `make test` lets people take turns (API-4)."""

import pytest

from tests.api.examples import PEOPLE, Examples, operations
from tests.hostile.sender import Sender

PARTS = 20


@pytest.mark.parametrize("part", range(PARTS))
def test_answers_are_those_of_the_document_for_everybody(sender: Sender, part: int) -> None:
    """API-4: a hundred examples of each operation, each sent by each person."""
    chosen = operations()[part::PARTS]
    for operation in chosen:
        Examples(sender, operation, everybody=True).play()
    sender.report.close(f"examples, part {part + 1} of {PARTS}", at_least=len(chosen) * len(PEOPLE))
