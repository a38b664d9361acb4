"""Questions about applications and consents."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.applications.models import OAuthApplication, OAuthConsent
from accounts.tokens.selectors import count_usable_tokens
from accounts.users.models import User
from manager.kit.errors import NotFound


def list_applications(*, user: User) -> list[OAuthApplication]:
    """Return the applications that the person has registered, by name."""
    return list(OAuthApplication.objects.filter(user=user).order_by("name", "pk"))


def get_application(*, user: User, application_id: int) -> OAuthApplication:
    """Return one of the person's own applications.

    :raises NotFound: there is none.
    """
    application = OAuthApplication.objects.filter(user=user, pk=application_id).first()
    if application is None:
        raise NotFound
    return application


def count_people(*, application: OAuthApplication) -> int:
    """Return how many people let the application act for them."""
    live = OAuthConsent.objects.filter(application=application, revoked_at=None)
    return live.values("user").distinct().count()


def list_live_consents(*, user: User) -> QuerySet[OAuthConsent]:
    """Return what the person allows now, with the applications."""
    consents: QuerySet[OAuthConsent] = OAuthConsent.objects.filter(user=user, revoked_at=None)
    return consents.select_related("application")


def has_programs(*, user: User, at: datetime) -> bool:
    """Return whether a token or an allowed application acts for the person at `at`."""
    return count_usable_tokens(user=user, at=at) > 0 or list_live_consents(user=user).exists()


def list_consents(*, user: User, search: str = "") -> list[OAuthConsent]:
    """Return what the person allows now, newest first, at most 200."""
    consents = list_live_consents(user=user)
    if search:
        consents = consents.filter(application__name__icontains=search)
    return list(consents.select_related("application__user").order_by("-pk")[:200])


def get_consent(*, user: User, consent_id: int) -> OAuthConsent:
    """Return what the person allows under this id now.

    :raises NotFound: there is nothing.
    """
    consent = list_live_consents(user=user).filter(pk=consent_id).first()
    if consent is None:
        raise NotFound
    return consent


def list_scopes_allowed(*, user: User, application: OAuthApplication) -> set[str]:
    """Return every scope that the person allows the application anywhere."""
    rows = OAuthConsent.objects.filter(user=user, application=application, revoked_at=None)
    return {scope for scopes in rows.values_list("scopes", flat=True) for scope in scopes}
