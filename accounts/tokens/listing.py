"""The person's tokens over the API: to see, not to make; a token cannot make another (INC-4)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import Scope
from accounts.tokens.selectors import list_tokens
from manager.kit.api import success


class TokenList(PersonAPIView):
    """List one's own tokens, without their secrets (ACC-16)."""

    scopes = {"GET": Scope.PROFILE_READ.value}

    class Output(serializers.Serializer[ApiToken]):
        """A token."""

        id = serializers.IntegerField()
        name = serializers.CharField()
        prefix = serializers.CharField()
        scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
        organization_id = serializers.IntegerField(allow_null=True)
        created_at = serializers.DateTimeField()
        expires_at = serializers.DateTimeField()
        last_used_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(operation_id="tokens_list", responses=Output(many=True))
    def get(self, request: PersonAPIRequest) -> Response:
        """Return the tokens of the token's person that were not revoked."""
        rows: Any = list_tokens(user=request.user)
        return success(self.Output(rows, many=True).data)
