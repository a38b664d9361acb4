"""Questions about the staff."""

from django.db.models import F, Max, Q, QuerySet

from accounts.staff.models import RightChange
from accounts.users.models import User
from manager.kit.keyset import SortKey

BY_EMAIL = SortKey(F("email"), lambda user: str(user.email))


def list_staff(*, search: str = "", right: str = "") -> QuerySet[User]:
    """Return the staff with their own rights and when each was last seen, by words and by a right."""
    found = User.objects.filter(is_staff=True).prefetch_related("user_permissions__content_type")
    for word in search.split():
        found = found.filter(
            Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    if right:
        app, _dot, codename = right.partition(".")
        found = found.filter(
            user_permissions__content_type__app_label=app, user_permissions__codename=codename
        )
    return found.annotate(last_seen_at=Max("sessions__last_seen_at"))


def list_right_changes(*, limit: int = 10) -> QuerySet[RightChange]:
    """Return the latest changes of rights, newest first."""
    return RightChange.objects.select_related("user").exclude(right="").order_by("-pk")[:limit]
