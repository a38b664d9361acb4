"""Organizations over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from manager.kit.api import success
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.members.models import Membership
from organizations.members.selectors import list_memberships_of


class OrganizationOutput(serializers.Serializer[Any]):
    """An organization as one of its members sees it."""

    id = serializers.IntegerField(source="organization.pk")
    name = serializers.CharField(source="organization.name")
    kind = serializers.CharField(source="organization.kind")
    country = serializers.CharField(source="organization.country.code")
    currency = serializers.CharField(source="organization.currency")
    role = serializers.CharField()
    has_billing = serializers.BooleanField()


class OrganizationDetailOutput(OrganizationOutput):
    """The whole sheet (ORG-4)."""

    street = serializers.CharField(source="organization.street")
    postal_code = serializers.CharField(source="organization.postal_code")
    city = serializers.CharField(source="organization.city")
    vat_number = serializers.CharField(source="organization.vat_number")
    language = serializers.CharField(source="organization.language")
    time_zone = serializers.CharField(source="organization.time_zone")
    created_at = serializers.DateTimeField(source="organization.created_at")


class OrganizationList(PersonAPIView):
    """The organizations of the token's person, last used first."""

    scopes = {"GET": Scope.ORGANIZATIONS_READ}

    @extend_schema(responses=OrganizationOutput(many=True), operation_id="organizations_list")
    def get(self, request: PersonAPIRequest) -> Response:
        """List the organizations that the token reaches."""
        memberships = list_memberships_of(user=request.user)
        bound = request.auth.organization_id
        if bound:
            memberships = memberships.filter(organization_id=bound)
        return success(OrganizationOutput(memberships, many=True).data)


class OrganizationDetail(OrganizationAPIView):
    """One organization; `current` is the one that the token is bound to, or the last used."""

    permissions = {"GET": Permission.ORGANIZATION_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}

    @extend_schema(responses=OrganizationDetailOutput, operation_id="organizations_get")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Return the organization's sheet."""
        membership: Membership = request.membership
        return success(OrganizationDetailOutput(membership).data)
