"""The required second factor over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.errors import NotFound
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission, Role
from organizations.policies.selectors import find_second_factor_policy
from organizations.policies.services import lift_second_factor, require_second_factor


class SecondFactorPolicyInput(serializers.Serializer[Any]):
    """Of which roles, and from which day in the organization's zone."""

    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), min_length=1, max_length=len(Role)
    )
    required_on = serializers.DateField()


class SecondFactorPolicyOutput(SecondFactorPolicyInput):
    """What is demanded."""

    set_at = serializers.DateTimeField()


class SecondFactorPolicyDetail(OrganizationAPIView):
    """The second factor that an organization demands of its members."""

    permissions = {
        "GET": Permission.ORGANIZATION_MANAGE,
        "PUT": Permission.ORGANIZATION_MANAGE,
        "DELETE": Permission.ORGANIZATION_MANAGE,
    }
    scopes = {
        "GET": Scope.ORGANIZATIONS_READ,
        "PUT": Scope.ORGANIZATIONS_WRITE,
        "DELETE": Scope.ORGANIZATIONS_WRITE,
    }

    @extend_schema(responses=SecondFactorPolicyOutput, operation_id="second_factor_policy_get")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Return of whom a second factor is demanded from when; 404 where it is of nobody."""
        policy = find_second_factor_policy(organization_id=request.organization.pk)
        if policy is None:
            raise NotFound
        return success(SecondFactorPolicyOutput(policy).data)

    @extend_schema(
        request=SecondFactorPolicyInput,
        responses=SecondFactorPolicyOutput,
        operation_id="second_factor_policy_set",
    )
    def put(self, request: OrganizationAPIRequest) -> Response:
        """Demand a second factor; the token's person needs one, too."""
        given = SecondFactorPolicyInput(data=request.data)
        given.is_valid(raise_exception=True)
        policy = require_second_factor(
            organization_id=request.organization.pk,
            setter=request.membership,
            actor=request.actor,
            at=request.at,
            **given.validated_data,
        )
        return success(SecondFactorPolicyOutput(policy).data)

    @extend_schema(responses={200: None}, operation_id="second_factor_policy_lift")
    def delete(self, request: OrganizationAPIRequest) -> Response:
        """Stop demanding a second factor."""
        lift_second_factor(
            organization_id=request.organization.pk,
            setter=request.membership,
            actor=request.actor,
            at=request.at,
        )
        return success(None)
