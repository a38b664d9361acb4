"""docs/asvs.csv answers every row of ASVS 5.0 V6 and V7 up to level 2, and every answer is there."""

import ast
import csv
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The numbers of the rows of levels 1 and 2, by section.
ROWS: dict[str, tuple[int, ...]] = {
    "V6.1": (1, 2, 3),
    "V6.2": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    "V6.3": (1, 2, 3, 4),
    "V6.4": (1, 2, 3, 4),
    "V6.5": (1, 2, 3, 4, 5),
    "V6.6": (1, 2, 3),
    "V6.8": (1, 2, 3, 4),
    "V7.1": (1, 2, 3),
    "V7.2": (1, 2, 3, 4),
    "V7.3": (1, 2),
    "V7.4": (1, 2, 3, 4, 5),
    "V7.5": (1, 2),
    "V7.6": (1, 2),
}
IDS = [f"{section}.{number}" for section, numbers in ROWS.items() for number in numbers]
LEAST_BY_TESTS = 35


def read() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def has_test(node: str) -> bool:
    """Return whether `path::Class::test` or `path::test` is written in that file."""
    path, *names = node.split("::")
    if not (ROOT / path).is_file() or not names or not names[-1].startswith("test_"):
        return False
    body = ast.parse((ROOT / path).read_text()).body
    for name in names:
        parts = [part for part in body if isinstance(part, ast.ClassDef | ast.FunctionDef)]
        named = [part for part in parts if part.name == name]
        if not named:
            return False
        body = named[0].body
    return True


def test_answers_every_row_once() -> None:
    """53 rows, in the order of the standard."""
    assert [row["id"] for row in read()] == IDS
    assert len(IDS) == 53
    assert {row["level"] for row in read()} <= {"1", "2"}


def test_names_tests_and_code_that_exist() -> None:
    """An answer whose evidence was renamed or removed is none."""
    for row in read():
        evidence = row["evidence"].split()
        assert row["note"], row["id"]
        assert row["answer"] in {"test", "code", "reason"}, row["id"]
        assert bool(evidence) is (row["answer"] != "reason"), row["id"]
        exists = has_test if row["answer"] == "test" else lambda path: (ROOT / path).exists()
        assert [item for item in evidence if not exists(item)] == [], row["id"]


def test_is_answered_by_tests_for_the_most_part() -> None:
    """At least 35 rows by an automated test."""
    assert sum(row["answer"] == "test" for row in read()) >= LEAST_BY_TESTS


def test_made_up_evidence_is_seen() -> None:
    """The law can fail."""
    here = "tests/architecture/test_asvs.py"
    assert has_test(f"{here}::test_made_up_evidence_is_seen")
    assert not has_test(f"{here}::test_nothing")
    assert not has_test(f"{here}::TestNothing::test_nothing")
    assert not has_test("tests/nowhere.py::test_nothing")
    assert not has_test(here)
