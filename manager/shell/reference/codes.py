"""All codes of refusals with their statuses, as docs/api.md shows them (API-4).

A code stands beside its refusal, on the `DomainError`; this reads them all. `python -m
manager.shell.reference.codes` writes the table of docs/api.md anew.
"""

import os
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from manager.kit.errors import DomainError

APPS = ("accounts", "organizations", "products", "billing", "manager.kit")
DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"
BEGIN, END = "<!-- codes -->", "<!-- end of codes -->"


def collect_codes() -> dict[str, set[int]]:
    """Return the statuses of each code that an operation or a page can refuse with."""
    from manager.kit.api import CODES
    from manager.kit.errors import DomainError

    _load_everything()
    codes: dict[str, set[int]] = {}
    refusals: list[type[DomainError]] = [DomainError, *_beneath(DomainError)]
    for refusal in refusals:
        codes.setdefault(str(refusal.code), set()).add(refusal.status)
    for kind, code in CODES.items():
        # Wrong fields are told with 422 whatever their library says, see `_answer_to`.
        codes.setdefault(code, set()).add(422 if code == "validation_failed" else kind.status_code)
    return codes


def write_table() -> str:
    """Return the table in Markdown, by code."""
    rows = (
        f"| `{code}` | {', '.join(str(status) for status in sorted(statuses))} |"
        for code, statuses in sorted(collect_codes().items())
    )
    return "\n".join(["| Code | Status |", "|---|---|", *rows])


def read_table(text: str) -> str:
    """Return the table that stands in the text of docs/api.md."""
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def _load_everything() -> None:
    for app in APPS:
        for module in walk_packages(import_module(app).__path__, f"{app}."):
            if ".migrations" not in module.name:
                import_module(module.name)


def _beneath(kind: type["DomainError"]) -> Iterator[type["DomainError"]]:
    for one in kind.__subclasses__():
        if one.__module__.partition(".")[0] != "tests":
            yield one
            yield from _beneath(one)


def _main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings.test")
    django.setup()
    text = DOCUMENT.read_text()
    table = re.escape(BEGIN) + ".*" + re.escape(END)
    DOCUMENT.write_text(re.sub(table, f"{BEGIN}\n{write_table()}\n{END}", text, flags=re.DOTALL))


if __name__ == "__main__":
    _main()
