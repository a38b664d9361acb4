"""The drop folder: files that the bank's program lays down are kept, then moved (BIL-17).

`settings.BANK_FOLDER` holds what is to be read. A worker first moves a file into `taken`, under a name that
no other file has, so that a later one of the same name is another file. From there it goes to `done` or, with
its reason beside it, to `refused`, after its commit. What a killed worker leaves in `taken` is read again,
which changes nothing. Names that begin with a point or end with `.part` are still being written.
"""

import logging
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from billing.bank.camt import MOST_BYTES
from billing.bank.services import import_statement
from billing.bank.status import Source
from manager.kit.actor import Actor
from manager.kit.errors import DomainError

logger = logging.getLogger(__name__)

UNFINISHED = (".part", ".tmp", ".filepart")


def empty_folder(*, actor: Actor, at: datetime) -> int:
    """Keep each file of the drop folder and move it away; return how many were moved. 0 without a folder."""
    folder = Path(settings.BANK_FOLDER) if settings.BANK_FOLDER else None
    if folder is None or not folder.is_dir():
        return 0
    for name in ("taken", "done", "refused"):
        (folder / name).mkdir(exist_ok=True)
    for path in sorted(folder.iterdir()):
        if _is_ready(path):
            _move(path, folder / "taken" / f"{path.stem}-{uuid4().hex[:12]}{path.suffix}")
    return sum(_keep(path, folder, actor, at) for path in sorted((folder / "taken").iterdir()))


def _is_ready(path: Path) -> bool:
    # A link could lead out of the folder: it is left where it is.
    return (
        path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and path.suffix.lower() not in UNFINISHED
    )


def _keep(path: Path, folder: Path, actor: Actor, at: datetime) -> bool:
    name = f"{path.stem.rpartition('-')[0]}{path.suffix}"
    try:
        import_statement(content=_read(path), name=name, source=Source.FOLDER, actor=actor, at=at)
    except FileNotFoundError:
        return False  # another worker has moved it
    except OSError:
        logger.exception("The file %s of the bank cannot be read.", path.name)
        return False
    except DomainError as refused:
        logger.error("The file %s of the bank is refused: %s", path.name, refused)  # noqa: TRY400  (its own)
        return _refuse(path, folder / "refused" / path.name, f"{refused.code}: {refused}")
    return _move(path, folder / "done" / path.name)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)  # one byte more is refused as too large


def _refuse(path: Path, to: Path, reason: str) -> bool:
    to.with_name(f"{to.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
    return _move(path, to)


def _move(path: Path, to: Path) -> bool:
    """Move a file and say whether it was this worker that did."""
    with suppress(FileNotFoundError):
        path.rename(to)
        return True
    return False
