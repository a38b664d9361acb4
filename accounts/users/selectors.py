"""Questions about people."""

from django.db.models import Q
from django_otp import user_has_device

from accounts.users.addresses import normalize_email
from accounts.users.models import User
from manager.kit.errors import NotFound


def get_user(*, user_id: int) -> User:
    """Return the person.

    :raises NotFound: there is none.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def find_user_by_email(email: str) -> User | None:
    """Return the person whose login is `email`, whatever its case, or None."""
    return User.objects.filter(email=normalize_email(email)).first()


def matching(search: str, *, via: str = "") -> Q:
    """Return the condition for people whose name or login holds every word of `search`.

    `via` leads from the rows that are asked for to the person, such as `user__`.
    """
    condition = Q()
    for word in search.split():
        condition &= (
            Q(**{f"{via}first_name__icontains": word})
            | Q(**{f"{via}last_name__icontains": word})
            | Q(**{f"{via}email__icontains": word})
        )
    return condition


def has_second_factor(user: User) -> bool:
    """Return whether signing in asks for a second factor, of whatever kind (ACC-8)."""
    return bool(user_has_device(user, confirmed=True))
