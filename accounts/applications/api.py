"""Applications over the API (ACC-16): what others may do, to see and to take back; one's own, to see.

One's own are made, changed and deleted on the pages alone: a secret is shown once and to a person, and a
program has no fresh proof (INC-14). docs/oauth.md says more.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.applications.models import ApplicationKind, OAuthApplication, OAuthConsent
from accounts.applications.selectors import (
    count_people,
    get_application,
    get_consent,
    list_applications,
    list_consents,
)
from accounts.applications.services import revoke_consent
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.tokens.use_api import UseOutput, tell_use
from manager.kit.api import success
from manager.kit.listing import Listing, answer_list


class ConsentList(PersonAPIView):
    """List the applications that may act for the person."""

    scopes = {"GET": Scope.PROFILE_READ.value}
    listing = Listing(orders={}, searched=True)

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
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_consents(user=request.user, **asked.criteria), self.Output)


class ConsentDetail(PersonAPIView):
    """Take back what an application was allowed."""

    scopes = {"DELETE": Scope.PROFILE_WRITE.value}

    @extend_schema(operation_id="applications_revoke", request=None, responses={200: None})
    def delete(self, request: PersonAPIRequest, consent_id: int) -> Response:
        """End all of the application's tokens that follow from this consent."""
        consent = get_consent(user=request.user, consent_id=consent_id)
        revoke_consent(consent=consent, actor=request.actor, at=request.at)
        return success(None)


class ConsentUse(PersonAPIView):
    """How much an application is used that may act for the person."""

    scopes = {"GET": Scope.PROFILE_READ.value}

    @extend_schema(operation_id="applications_use", responses=UseOutput)
    def get(self, request: PersonAPIRequest, consent_id: int) -> Response:
        """Return how many requests came with what the application was allowed, and how many were refused."""
        return success(tell_use(get_consent(user=request.user, consent_id=consent_id), request.at))


class ApplicationOutput(serializers.Serializer[OAuthApplication]):
    """An application of one's own, without its secret; a service acts in `organization_id`."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(ApplicationKind.choices)
    client_id = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    redirect_addresses = serializers.ListField(child=serializers.CharField(), source="addresses")
    organization_id = serializers.IntegerField(source="bound_organization_id", allow_null=True)
    created_at = serializers.DateTimeField(source="created")
    secret_made_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class OwnApplicationList(PersonAPIView):
    """List the applications that the person has registered."""

    scopes = {"GET": Scope.PROFILE_READ.value}
    listing = Listing(orders={})

    @extend_schema(operation_id="own_applications_list", responses=ApplicationOutput(many=True))
    def get(self, request: PersonAPIRequest) -> Response:
        """Return one's own applications, by name."""
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_applications(user=request.user), ApplicationOutput)


class OwnApplicationDetail(PersonAPIView):
    """Show an application that the person has registered."""

    scopes = {"GET": Scope.PROFILE_READ.value}

    class Output(ApplicationOutput):
        """The same, with how many `people` let it act for them."""

        people = serializers.IntegerField()

    @extend_schema(operation_id="own_applications_read", responses=Output)
    def get(self, request: PersonAPIRequest, application_id: int) -> Response:
        """Return one of one's own applications."""
        found: Any = get_application(user=request.user, application_id=application_id)
        found.people = count_people(application=found)
        return success(self.Output(found).data)


class ServiceUse(PersonAPIView):
    """How much a service of the person's is used; what others let an application do is theirs to see."""

    scopes = {"GET": Scope.PROFILE_READ.value}

    @extend_schema(operation_id="own_applications_use", responses=UseOutput)
    def get(self, request: PersonAPIRequest, application_id: int) -> Response:
        """Return how many requests came from a service of one's own, and how many of them were refused."""
        found = get_application(user=request.user, application_id=application_id)
        return success(tell_use(found, request.at))
