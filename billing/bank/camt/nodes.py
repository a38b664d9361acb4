"""Small readers of elements: texts, amounts, dates and flags, whatever the version calls them."""

import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from billing.bank.camt.errors import StatementInvalid
from manager.kit.fields import UNWANTED

AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,5}))?")
MOST_TEXT = 500


class Node:
    """An element whose children are asked for by their local names, in the namespace of the message."""

    __slots__ = ("_element", "_space")

    def __init__(self, element: Element, space: str) -> None:
        self._element = element
        self._space = space

    @property
    def said(self) -> str:
        """What the element itself says, on one line."""
        return one_line(self._element.text)

    def attribute(self, name: str) -> str:
        """Return an attribute of the element itself, "" where it has none of that name."""
        return self._element.get(name, "")

    def all(self, path: str) -> Iterator["Node"]:
        """Return the elements at `path` (`NtryDtls/TxDtls`), in their order."""
        steps = "/".join(f"{self._space}{step}" for step in path.split("/"))
        return (Node(found, self._space) for found in self._element.findall(steps))

    def first(self, path: str) -> "Node | None":
        """Return the first element at `path`."""
        return next(self.all(path), None)

    def text(self, *paths: str, most: int = 140) -> str:
        """Return the text at the first of `paths` that has one, on one line, at most `most` characters."""
        for path in paths:
            found = self.first(path)
            if found is not None and found.said:
                return found.said[:most]
        return ""

    def texts(self, path: str) -> list[str]:
        """Return the texts at `path` that say something."""
        return [one.said for one in self.all(path) if one.said]

    def currency(self, path: str) -> str:
        """Return the currency of the amount at `path`."""
        found = self.first(path)
        return "" if found is None else found.attribute("Ccy")

    def amount(self, path: str, currency: str) -> int | None:
        """Return the amount at `path` in minor units where it is in `currency`."""
        return self.minor(path) if self.currency(path) == currency else None

    def minor(self, path: str) -> int:
        """Return the amount at `path` in minor units.

        :raises StatementInvalid: it is none, or has parts of a cent.
        """
        said = self.text(path)
        found = AMOUNT.fullmatch(said)
        major, minor = found.groups("") if found else ("", "")
        if not found or minor[2:].strip("0"):
            raise StatementInvalid(_("An amount cannot be read: “%(text)s”.") % {"text": said[:40]})
        return int(major) * 100 + int(minor[:2].ljust(2, "0"))

    def day(self, path: str) -> date | None:
        """Return the day at `path`, given as a date or as a moment; None where there is none.

        :raises StatementInvalid: it is no date.
        """
        said = self.text(f"{path}/Dt", f"{path}/DtTm")
        if not said:
            return None
        try:
            return date.fromisoformat(said[:10])
        except ValueError:
            raise StatementInvalid(_("A date cannot be read: “%(text)s”.") % {"text": said[:40]}) from None

    def flag(self, path: str) -> bool:
        """Return whether the element at `path` says yes."""
        return self.text(path) in {"true", "1"}

    def is_credit(self) -> bool:
        """Return whether money came in.

        :raises StatementInvalid: the element says neither.
        """
        said = self.text("CdtDbtInd")
        if said not in {"CRDT", "DBIT"}:
            raise StatementInvalid(_("An entry says neither credit nor debit."))
        return said == "CRDT"


def one_line(text: str | None) -> str:
    """Return `text` without line breaks and invisible characters, at most 500 characters."""
    kept = "".join(" " if one.isspace() else one for one in text or "" if one not in UNWANTED)
    return " ".join(kept.split())[:MOST_TEXT]
