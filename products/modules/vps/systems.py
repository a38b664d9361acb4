"""Which systems a virtual server can run (WIN-1)."""

from collections.abc import Collection
from dataclasses import dataclass

from products.catalog.models import Plan

# The option of the catalogue that charges the licence by virtual processor.
LICENCE = "windows-licence"


@dataclass(frozen=True, slots=True)
class System:
    """An image: `needs_licence` for Windows, which comes with its licence and with no other one."""

    slug: str
    name: str
    user: str
    needs_licence: bool = False

    @property
    def access(self) -> str:
        """By what the administrator comes in."""
        return "RDP" if self.needs_licence else "SSH"


def _windows(year: int, edition: str) -> System:
    name = f"Windows Server {year} {edition.title()}"
    return System(f"windows-{year}-{edition}", name, "Administrator", needs_licence=True)


LINUX = (
    System("debian-13", "Debian 13", "root"),
    System("debian-12", "Debian 12", "root"),
    System("ubuntu-24.04", "Ubuntu 24.04 LTS", "root"),
    System("ubuntu-22.04", "Ubuntu 22.04 LTS", "root"),
    System("almalinux-9", "AlmaLinux 9", "root"),
    System("rocky-9", "Rocky Linux 9", "root"),
    System("fedora-43", "Fedora 43", "root"),
)
WINDOWS = tuple(
    _windows(year, edition) for year in (2025, 2022, 2019) for edition in ("standard", "datacenter")
)
SYSTEMS = {system.slug: system for system in (*LINUX, *WINDOWS)}


def is_licensed(plan: Plan) -> bool:
    """Return whether the plan charges the licence of Windows, by virtual processor."""
    return plan.options.filter(slug=LICENCE).exists()


def list_systems(plan: Plan) -> tuple[System, ...]:
    """Return what a server of this plan can run: Windows where its licence is charged, and only there."""
    return WINDOWS if is_licensed(plan) else LINUX


def list_answers(options: Collection[str]) -> list[tuple[str, str]]:
    """Return slug and name of what a server of a plan with these options can run, the usual one first."""
    return [(system.slug, system.name) for system in (WINDOWS if LICENCE in options else LINUX)]
