"""Files: short, named after what they hold, documented."""

from pathlib import Path

from tests.architecture import rules


class TestFiles:
    def test_stay_under_300_lines(self) -> None:
        """A crowded room gets another room before it is added to."""
        assert rules.offenders([*rules.python_files(), *rules.files_of_tests()], rules.too_long) == {}

    def test_have_names_that_say_what_they_hold(self) -> None:
        """No utils, helpers, common or misc."""
        assert [path for path in rules.python_files() if rules.forbidden_name(path)] == []

    def test_document_what_is_public(self) -> None:
        """A caller learns meaning, units and what is raised from the docstring."""
        assert rules.offenders(rules.python_files(), rules.undocumented) == {}


class TestTheLawsThemselves:
    def test_a_long_file_is_seen(self) -> None:
        """The law can fail."""
        assert rules.too_long("x = 1\n" * 301) == [301]

    def test_an_empty_name_is_seen(self) -> None:
        """The law can fail."""
        assert rules.forbidden_name(Path("billing/utils.py"))

    def test_a_missing_docstring_is_seen(self) -> None:
        """The law can fail."""
        assert rules.undocumented("def pay():\n    pass\n") == ["pay"]
