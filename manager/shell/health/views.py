"""Whether the panel can work: the database and the broker answer."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from manager.kit.requests import public


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.get("health")
    except RedisError:
        return False
    return True


@public
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database and Redis answer, else 503; says nothing about versions or data."""
    parts = {"database": _database_answers(), "redis": _cache_answers()}
    return JsonResponse({"ok": all(parts.values()), **parts}, status=200 if all(parts.values()) else 503)
