"""Words and ways: verbs with a meaning, no signals, no free status, no floats, no hidden clock."""

from collections.abc import Callable

import pytest

from tests.architecture import rules
from tests.architecture.rules import ROOT, offenders, python_files

DOMAIN = [path for path in python_files() if path.relative_to(ROOT).parts[0] in rules.APPS]
MODELS = [path for path in DOMAIN if path.stem == "models"]
VERBS = [path for path in DOMAIN if "services" in path.parts or path.stem in {"services", "selectors"}]
MONEY = [path for path in DOMAIN if "billing" in path.parts and "gateway" not in path.parts]


class TestTheHouse:
    def test_uses_verbs_with_a_meaning(self) -> None:
        """Not process, handle, manage, do, update_status."""
        assert offenders(python_files(), rules.forbidden_verbs) == {}

    def test_has_no_signal_receiver(self) -> None:
        """Events go through the outbox; nothing hangs on signals."""
        assert offenders(python_files(), rules.signal_receivers) == {}

    def test_changes_a_status_by_transition_only(self) -> None:
        """The table of transitions cannot be walked around."""
        assert offenders(DOMAIN, rules.status_assignments) == {}

    def test_hides_no_logic_in_save(self) -> None:
        """What happens on a change stands in a verb."""
        assert offenders(MODELS, rules.save_overrides) == {}

    def test_passes_the_time_to_its_verbs(self) -> None:
        """Edges ask the clock once and pass `at` on."""
        assert offenders(VERBS, rules.clock_readings) == {}

    def test_counts_money_in_whole_numbers(self) -> None:
        """BIL-15: no float stands in billing."""
        assert offenders(MONEY, rules.floats) == {}


class TestTheLawsThemselves:
    @pytest.mark.parametrize(
        ("law", "text"),
        [
            (rules.forbidden_verbs, "def process_invoice(): ..."),
            (rules.signal_receivers, "from django.db.models.signals import post_save"),
            (rules.status_assignments, "invoice.status = 'paid'"),
            (rules.save_overrides, "class A:\n    def save(self): ..."),
            (rules.clock_readings, "at = timezone.now()"),
            (rules.floats, "amount = 0.1"),
        ],
    )
    def test_a_planted_violation_is_seen(self, law: Callable[[str], list[object]], text: str) -> None:
        """Each law can fail."""
        assert law(text) != []
