"""The interface to registers of VAT numbers, and which register knows a number (ORG-4)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

# What the register of the European Union knows: its members, Greece as EL, Northern Ireland as XI.
EU_PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()  # noqa: SIM905  (read as one line)
)


class RegisterUnavailable(Exception):
    """The register did not answer, or not now; `args[0]` is its code. Ask again later."""


@dataclass(frozen=True, slots=True)
class VatAnswer:
    """What a register says: whether the number is registered, to whom, and its number of the consultation."""

    is_valid: bool
    name: str = ""
    address: str = ""
    reference: str = ""


class VatRegister(Protocol):
    """A register that can be asked about VAT numbers."""

    def look_up(self, *, prefix: str, number: str) -> VatAnswer:
        """Return what is registered under `number` (without the prefix of its country).

        :raises RegisterUnavailable: no answer now.
        """
        ...


NumbersInUse = Callable[[int], Collection[str]]

_users: list[NumbersInUse] = []


def register_numbers(numbers: NumbersInUse) -> None:
    """Let a floor above name further numbers that an organization (by id) uses; called once, at start."""
    if numbers not in _users:
        _users.append(numbers)


def further_numbers(organization_id: int) -> set[str]:
    """Return the numbers that the organization uses beside that of its sheet."""
    return {number for numbers in _users for number in numbers(organization_id) if number}


@cache
def _make(path: str) -> VatRegister:
    register: VatRegister = import_string(path)()
    return register


def find_register(number: str) -> VatRegister | None:
    """Return the register to ask about a stored number, or None where there is none.

    Swiss and Liechtenstein numbers are checked by their form alone unless `VAT_REGISTERS` names a
    register for `CH`.
    """
    registers: Mapping[str, str] = settings.VAT_REGISTERS
    prefix = number[:2]
    key = "EU" if prefix in EU_PREFIXES else prefix
    path = registers.get(key)
    return _make(path) if path else None
