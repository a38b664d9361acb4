"""The numbers of this room."""

from datetime import timedelta

FAILURES = 3
"""A row that fails this often within `WITHIN` is left out until staff let it be tried again."""

WITHIN = timedelta(days=1)

SILENCE = timedelta(minutes=10)
"""A run that neither ended nor counted anything for so long was broken off."""

KEPT = timedelta(days=400)
"""Reports of runs older than this are removed."""
