"""The conditions of deleting an organization over REST.

Deleting itself asks for a fresh proof of the person, which a token cannot give: it is done in the panel.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.deletion.conditions import list_conditions


class ConditionOutput(serializers.Serializer[Any]):
    """What has to be settled before the organization can be deleted in the panel."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    met = serializers.BooleanField()
    detail = serializers.CharField()


class DeletionConditions(OrganizationAPIView):
    """What deleting the organization asks."""

    permissions = {"GET": Permission.ORGANIZATION_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}

    @extend_schema(responses=ConditionOutput(many=True), operation_id="deletion_conditions")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the conditions, met or not. Deleting itself is done in the panel, after a fresh proof."""
        conditions = list_conditions(organization_id=request.organization.pk, at=request.at)
        return success(ConditionOutput(conditions, many=True).data)
