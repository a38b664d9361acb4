"""What the person allows applications, over the API: to see and to take back (ACC-16)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.applications.models import OAuthConsent
from accounts.applications.selectors import get_consent, list_consents
from accounts.applications.services import revoke_consent
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from manager.kit.api import success


class ConsentList(PersonAPIView):
    """List the applications that may act for the person."""

    scopes = {"GET": Scope.PROFILE_READ.value}

    class Output(serializers.Serializer[OAuthConsent]):
        """What one application may do, in one organization or in all (`organization_id` null)."""

        id = serializers.IntegerField()
        application = serializers.CharField(source="application.name")
        client_id = serializers.CharField(source="application.client_id")
        scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
        organization_id = serializers.IntegerField(source="bound_organization_id", allow_null=True)
        created_at = serializers.DateTimeField()
        last_used_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(operation_id="applications_list", responses=Output(many=True))
    def get(self, request: PersonAPIRequest) -> Response:
        """Return what the person allows now, newest first."""
        rows: Any = list_consents(user=request.user)
        return success(self.Output(rows, many=True).data)


class ConsentDetail(PersonAPIView):
    """Take back what an application was allowed."""

    scopes = {"DELETE": Scope.PROFILE_WRITE.value}

    @extend_schema(operation_id="applications_revoke", request=None, responses={204: None})
    def delete(self, request: PersonAPIRequest, consent_id: int) -> Response:
        """End all of the application's tokens that follow from this consent."""
        consent = get_consent(user=request.user, consent_id=consent_id)
        revoke_consent(consent=consent, actor=request.actor, at=request.at)
        return Response(status=status.HTTP_204_NO_CONTENT)
