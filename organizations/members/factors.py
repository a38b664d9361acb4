"""Who among the members has a second factor, asked for all of them at once."""

from django.db.models import Exists, OuterRef, Q

from accounts.mfa.factors import factor_kinds


def with_factor() -> Q:
    """Return the condition for memberships whose person has a second factor of any kind."""
    condition = Q(pk__in=[])
    for kind in factor_kinds():
        if kind.model is not None:
            condition |= Q(Exists(kind.model.objects.filter(user_id=OuterRef("user_id"), confirmed=True)))
    return condition


def without_factor() -> Q:
    """Return the condition for memberships whose person has none."""
    return ~with_factor()
