"""When a row that is work is due, also after work was done as of a later day."""

from datetime import datetime, timedelta

from django.db.models import Q

FURTHEST = timedelta(days=1)
"""No lease and no wait before another try is as long as this."""


def is_due(field: str, at: datetime, beyond: datetime | None = None) -> Q:
    """Return the condition that the instant in `field` has come at `at`.

    What is put off further than any lease or wait reaches was put off by a clock ahead of ours
    (`manage.py tick --at`): it is due as well, else it would lie there until that day. A prepared query gives
    `beyond`, which is `at + FURTHEST`, as a value of its own.
    """
    return Q(**{f"{field}__lte": at}) | Q(**{f"{field}__gt": beyond or at + FURTHEST})
