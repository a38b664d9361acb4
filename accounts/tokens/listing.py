"""The person's tokens over the API: to see and to end, not to make or widen (INC-4).

A token that could make another one would outlive its own end, and none made by a program has the fresh
proof that the page asks for (INC-14).
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import Scope
from accounts.tokens.selectors import NEWEST, find_tokens, get_token
from accounts.tokens.services import revoke_token
from accounts.tokens.status import TokenState
from manager.kit.api import success
from manager.kit.listing import Listing, answer_list

ALL = "all"


class TokenFilters(serializers.Serializer[Any]):
    """What the tokens can be filtered by."""

    state = serializers.ChoiceField(
        choices=[*TokenState.values, ALL],
        required=False,
        default=TokenState.ACTIVE.value,
        help_text="Without it: `active`.",
    )


class TokenList(PersonAPIView):
    """List one's own tokens, without their secrets (ACC-16)."""

    scopes = {"GET": Scope.PROFILE_READ.value}
    listing = Listing(orders={"created_at": NEWEST}, descending=True, filters=TokenFilters, searched=True)

    class Output(serializers.Serializer[ApiToken]):
        """A token."""

        id = serializers.IntegerField()
        name = serializers.CharField()
        prefix = serializers.CharField()
        scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
        organization_id = serializers.IntegerField(allow_null=True)
        created_at = serializers.DateTimeField()
        expires_at = serializers.DateTimeField()
        rotated_at = serializers.DateTimeField(allow_null=True)
        last_used_at = serializers.DateTimeField(allow_null=True)
        last_used_address = serializers.CharField(allow_null=True)
        revoked_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(operation_id="tokens_list", responses=Output(many=True))
    def get(self, request: PersonAPIRequest) -> Response:
        """Return the tokens of the token's person, newest first."""
        asked = self.listing.read(request.query_params)
        chosen = asked.criteria["state"]
        tokens = find_tokens(
            user=request.user,
            state=None if chosen == ALL else TokenState(chosen),
            at=request.at,
            search=asked.criteria["search"],
        )
        return answer_list(asked, tokens, self.Output)


class TokenDetail(PersonAPIView):
    """End one of one's own tokens (ACC-16)."""

    scopes = {"DELETE": Scope.PROFILE_WRITE.value}

    @extend_schema(operation_id="tokens_revoke", request=None, responses={200: None})
    def delete(self, request: PersonAPIRequest, token_id: int) -> Response:
        """Revoke the token; a second time changes nothing."""
        token = get_token(user=request.user, token_id=token_id)
        revoke_token(token=token, actor=request.actor, at=request.at)
        return success(None)
