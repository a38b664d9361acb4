"""Questions about profiles."""

from accounts.profile.models import Avatar


def find_avatar(*, digest: str) -> Avatar | None:
    """Return the picture with this digest, or None."""
    return Avatar.objects.filter(digest=digest[:64].replace("\x00", "")).first()
