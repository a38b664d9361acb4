"""The sender of the hostile tests, with its world."""

from tests.hostile.conftest import quiet, sender

__all__ = ["quiet", "sender"]
