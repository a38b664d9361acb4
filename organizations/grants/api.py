"""Grants, and why somebody has access, over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.decisions import find_standing, require_standing
from organizations.access.models import Level
from organizations.access.roles import Permission
from organizations.grants.forms import MOST_TARGETS
from organizations.grants.rules import Target
from organizations.grants.selectors import explain_why, get_visible_product, list_live_grants
from organizations.grants.services import end_grant, grant_access
from organizations.members.selectors import get_member


class GrantOutput(serializers.Serializer[Any]):
    """Access of a member, or of a team, to a product or a whole family."""

    id = serializers.IntegerField()
    member = serializers.IntegerField(source="membership_id", allow_null=True)
    team = serializers.IntegerField(source="team_id", allow_null=True)
    family = serializers.CharField(allow_blank=True)
    product = serializers.IntegerField(source="product_id", allow_null=True)
    level = serializers.ChoiceField(choices=Level.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class TargetInput(serializers.Serializer[Any]):
    """One family, or one product."""

    family = serializers.SlugField(max_length=50, required=False, default="")
    product = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MAX_ID
    )


class GrantInput(serializers.Serializer[Any]):
    """Whom to give what, how far and until when (ORG-13); a member or a team, not both."""

    member = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    team = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    what = serializers.ListField(child=TargetInput(), min_length=1, max_length=MOST_TARGETS)
    level = serializers.ChoiceField(choices=Level.choices)
    ends_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand exactly one holder."""
        if ("member" in attrs) == ("team" in attrs):
            raise serializers.ValidationError({"member": ["Give a member or a team, one of both."]})
        return attrs


class ReasonOutput(serializers.Serializer[Any]):
    """One source of a right."""

    kind = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field of that name
    level = serializers.CharField(allow_blank=True)
    family = serializers.CharField(allow_blank=True)
    grant = serializers.IntegerField(source="grant_id", allow_null=True)
    team = serializers.IntegerField(source="team_id", allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)


class ExplanationOutput(serializers.Serializer[Any]):
    """Whether it is allowed, and everything that allows it."""

    allowed = serializers.BooleanField()
    because = ReasonOutput(many=True)


class WhyOutput(serializers.Serializer[Any]):
    """What a member may do with a product, and what makes it so."""

    product = serializers.IntegerField(source="product.id")
    view = ExplanationOutput()
    manage = ExplanationOutput()
    granted_by = serializers.ListField(child=serializers.CharField())


class WhyInput(serializers.Serializer[Any]):
    """Whose access to which product; without a member the own."""

    member = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    product = serializers.IntegerField(min_value=1, max_value=MAX_ID)


class GrantList(OrganizationAPIView):
    """What is granted in an organization."""

    permissions = {"GET": Permission.MEMBERS_MANAGE, "POST": Permission.MEMBERS_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "POST": Scope.ORGANIZATIONS_WRITE}
    listing = Listing(descending=True)

    @extend_schema(responses=GrantOutput(many=True), operation_id="grants_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List what counts now, newest first, a page at a time."""
        asked = self.listing.read(request.query_params)
        rows = list_live_grants(organization_id=request.organization.pk, at=request.at)
        return answer_list(asked, rows, GrantOutput)

    @extend_schema(request=GrantInput, responses={201: GrantOutput(many=True)}, operation_id="grants_create")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Give access to families and products, all of them or none; what was granted before is replaced."""
        given = GrantInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        grants = grant_access(
            organization_id=request.organization.pk,
            membership_id=wanted.get("member"),
            team_id=wanted.get("team"),
            targets=[Target(target["family"], target["product"]) for target in wanted["what"]],
            level=wanted["level"],
            ends_at=wanted["ends_at"],
            granter=request.membership,
            actor=request.actor,
            at=request.at,
        )
        return success(GrantOutput(grants, many=True).data, code=status.HTTP_201_CREATED)


class GrantDetail(OrganizationAPIView):
    """One grant."""

    permissions = {"DELETE": Permission.MEMBERS_MANAGE}
    scopes = {"DELETE": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses={200: None}, operation_id="grants_end")
    def delete(self, request: OrganizationAPIRequest, grant_id: int) -> Response:
        """End a grant at once."""
        end_grant(
            organization_id=request.organization.pk,
            grant_id=grant_id,
            ender=request.membership,
            actor=request.actor,
            at=request.at,
        )
        return success(None)


class WhyAccess(OrganizationAPIView):
    """Why a member sees or manages a product."""

    permissions = {"GET": Permission.MEMBERSHIP_OWN}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}

    @extend_schema(parameters=[WhyInput], responses=WhyOutput, operation_id="access_why")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Explain over role, teams and direct grants; others' access for who manages members."""
        given = WhyInput(data=request.query_params)
        given.is_valid(raise_exception=True)
        organization_id = request.organization.pk
        member = given.validated_data.get("member", request.membership.pk)
        standing = request.standing
        if member != request.membership.pk:
            require_standing(request.standing, Permission.MEMBERS_MANAGE)
            person = get_member(organization_id=organization_id, membership_id=member)
            standing = find_standing(membership=person, at=request.at)
        product = get_visible_product(standing=request.standing, product_id=given.validated_data["product"])
        return success(WhyOutput(explain_why(standing=standing, product=product)).data)
