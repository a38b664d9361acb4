"""Take away codes and tokens that can no longer be of use."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from accounts.applications.models import OAuthAccessToken, OAuthCode, OAuthRefreshToken

BATCH = 500
# A code that is used a second time within this time ends what its first use gave.
CODES_STAY = timedelta(days=1)


def delete_expired(*, at: datetime) -> int:
    """Delete up to a batch of each kind that was over at `at`; return how many rows went.

    A used refresh token stays as long as an unused one lasts, so that its second use is noticed.
    """
    refresh_lasts = timedelta(seconds=settings.OAUTH2_PROVIDER["REFRESH_TOKEN_EXPIRE_SECONDS"])
    over = at - refresh_lasts
    dead = Q(revoked__lte=over) | Q(revoked=None, access_token__expires__lte=over)
    orphans = Q(revoked=None, access_token=None, updated__lte=at - CODES_STAY)
    deleted = 0
    for rows in (
        OAuthCode.objects.filter(expires__lte=at - CODES_STAY),
        OAuthRefreshToken.objects.filter(dead | orphans),
        OAuthAccessToken.objects.filter(expires__lte=at, refresh_token=None),
    ):
        batch = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        deleted += rows.model.objects.filter(pk__in=batch).delete()[0] if batch else 0
    return deleted
