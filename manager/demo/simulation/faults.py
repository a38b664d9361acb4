"""What a simulation says when it finds something that must not be."""

from datetime import date


class SimulationFailed(Exception):
    """Something is not as the panel says that it is; names the seed, the day and the product."""

    def __init__(self, *, seed: int, day: date, subject: str, found: str) -> None:
        self.seed, self.day, self.subject, self.found = seed, day, subject, found
        super().__init__(f"Seed {seed}, {day}, {subject}: {found}")


class DatabaseInUse(Exception):
    """The database holds organizations: a simulation writes into an empty one of its own only."""
