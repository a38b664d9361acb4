"""A person's sessions in browsers over the API: to see, and to end, which never weakens a sign-in."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.sessions.models import Session
from accounts.sessions.selectors import get_session, list_sessions
from accounts.sessions.services import revoke_other_sessions, revoke_session
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list


class SessionList(PersonAPIView):
    """Where the person is signed in (ACC-14)."""

    scopes = {"GET": Scope.PROFILE_READ.value}
    listing = Listing(orders={})

    class Output(serializers.Serializer[Session]):
        """A session in a browser."""

        id = serializers.IntegerField()
        browser = serializers.CharField(source="device.browser", default="")
        system = serializers.CharField(source="device.system", default="")
        address = serializers.CharField(allow_null=True)
        created_at = serializers.DateTimeField()
        last_seen_at = serializers.DateTimeField()

    @extend_schema(operation_id="sessions_list", responses=Output(many=True))
    def get(self, request: PersonAPIRequest) -> Response:
        """Return the open sessions, last used first, at most 100."""
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_sessions(user=request.user, at=request.at), self.Output)


class SessionDetail(PersonAPIView):
    """End one of one's own sessions (ACC-14)."""

    scopes = {"DELETE": Scope.PROFILE_WRITE.value}

    @extend_schema(operation_id="sessions_revoke", request=None, responses={200: None})
    def delete(self, request: PersonAPIRequest, session_id: int) -> Response:
        """End the session; its browser is signed out at its next request, and a mail tells it."""
        session = get_session(user=request.user, session_id=session_id)
        revoke_session(session=session, actor=request.actor, at=request.at)
        return success(None)


class OtherSessions(PersonAPIView):
    """End all sessions but one, or all (ACC-14)."""

    scopes = {"POST": Scope.PROFILE_WRITE.value}

    class Input(serializers.Serializer[Any]):
        """The session that stays; none where it is left out."""

        keep = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_ID)

    class Output(serializers.Serializer[Any]):
        """How many have ended."""

        ended = serializers.IntegerField()

    @extend_schema(operation_id="sessions_revoke_others", request=Input, responses=Output)
    def post(self, request: PersonAPIRequest) -> Response:
        """End all sessions of the person but `keep`; tokens go on."""
        given = self.Input(data=request.data)
        given.is_valid(raise_exception=True)
        keep = given.validated_data.get("keep")
        if keep is not None:
            get_session(user=request.user, session_id=keep)
        ended = revoke_other_sessions(user=request.user, keep=keep, actor=request.actor, at=request.at)
        return success({"ended": ended})
