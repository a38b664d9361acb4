"""Imports go down only: the contracts in pyproject.toml hold, and would break on a planted violation."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.rules import PACKAGES, ROOT

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINT_IMPORTS), "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def layers_of(contract: str) -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    return next(entry["layers"] for entry in contracts if entry["name"].startswith(contract))


def plant(folder: Path, source: str) -> None:
    """Build a house of empty floors with the project's contract, with `source` on the floor of accounts."""
    for module in ["manager.outbox", "manager.kit", *PACKAGES]:
        package = folder / module.replace(".", "/")
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
    (folder / "accounts" / "planted.py").write_text(source)
    floors = [layer for layer in layers_of("Floors") if " : " not in layer]
    (folder / "pyproject.toml").write_text(
        f"[tool.importlinter]\nroot_packages = {list(PACKAGES)}\n\n[[tool.importlinter.contracts]]\n"
        f'name = "Floors"\ntype = "layers"\nlayers = {floors}\n'
    )


class TestContracts:
    def test_hold(self) -> None:
        """Call down, publish up; rooms in order; verbs know no edges."""
        done = lint(ROOT)
        assert done.returncode == 0, done.stdout

    def test_let_a_house_without_violation_pass(self, tmp_path: Path) -> None:
        """The planted house itself is sound."""
        plant(tmp_path, "import manager.kit\n")
        assert lint(tmp_path).returncode == 0

    def test_break_on_a_call_upwards(self, tmp_path: Path) -> None:
        """The contract can fail."""
        plant(tmp_path, "import billing\n")
        done = lint(tmp_path)
        assert done.returncode == 1
        assert "accounts.planted -> billing" in done.stdout
