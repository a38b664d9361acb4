"""How much a token is used, over the API (API-3)."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.tokens.selectors import get_token
from accounts.tokens.use import Program, recent_use
from manager.kit.api import success


class MinuteOutput(serializers.Serializer[Any]):
    """Requests within a minute; `refused` is how many of them were."""

    minute = serializers.DateTimeField()
    requests = serializers.IntegerField()
    refused = serializers.IntegerField()


class DayOutput(serializers.Serializer[Any]):
    """Requests within a day (UTC); `refused` is how many of them were."""

    day = serializers.DateField()
    requests = serializers.IntegerField()
    refused = serializers.IntegerField()


class UseOutput(serializers.Serializer[Any]):
    """The last 60 minutes and the last 30 days, oldest first, with those in which nothing came."""

    last_used_at = serializers.DateTimeField(allow_null=True)
    last_used_address = serializers.CharField(allow_null=True)
    minutes = MinuteOutput(many=True)
    days = DayOutput(many=True)


class TokenUse(PersonAPIView):
    """How much one of one's own tokens is used."""

    scopes = {"GET": Scope.PROFILE_READ.value}

    @extend_schema(operation_id="tokens_use", responses=UseOutput)
    def get(self, request: PersonAPIRequest, token_id: int) -> Response:
        """Return how many requests came with the token, and how many of them were refused."""
        token = get_token(user=request.user, token_id=token_id)
        return success(tell_use(token, request.at))


def tell_use(program: Program, at: datetime) -> Any:
    """Return how much a program is used, as the API tells it."""
    by_minute, by_day = recent_use(program=program, at=at)
    told = {
        "last_used_at": program.last_used_at,
        "last_used_address": getattr(program, "last_used_address", None),  # a service's is not kept
        "minutes": [
            {"minute": minute, "requests": use.requests, "refused": use.refused}
            for minute, use in by_minute.items()
        ],
        "days": [
            {"day": day, "requests": use.requests, "refused": use.refused} for day, use in by_day.items()
        ],
    }
    return UseOutput(told).data
