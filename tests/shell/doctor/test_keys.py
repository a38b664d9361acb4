"""The doctor and the system check look after the keys of files (ACC-12)."""

import pytest

from manager.shell.doctor.keys import check_files_keys, examine_files_keys

LONG = "k" * 40


@pytest.mark.parametrize(
    ("keys", "ids"),
    [([], ["manager.E001"]), (["word"], ["manager.E002"]), ([LONG, "word"], ["manager.E002"]), ([LONG], [])],
)
def test_a_command_does_not_start_without_good_keys(settings, keys: list[str], ids: list[str]) -> None:
    """ACC-12: nothing is stored under no key, or under a word."""
    settings.FILES_KEYS = keys
    assert [error.id for error in examine_files_keys(None)] == ids
    assert all(finding.is_right is not bool(ids) for finding in check_files_keys())


def test_a_key_of_the_sources_is_for_the_demonstration_alone(settings) -> None:
    """Everybody can read it."""
    settings.FILES_KEYS = ["only-for-tests-0123456789abcdefghijklmnop"]
    settings.DEMONSTRATION = False
    assert [finding.is_right for finding in check_files_keys()] == [False]
    settings.DEMONSTRATION = True
    assert [finding.is_right for finding in check_files_keys()] == [True]
