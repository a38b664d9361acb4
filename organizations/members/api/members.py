"""Members over REST."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.errors import NotFound
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission, Role
from organizations.members.models import Membership
from organizations.members.selectors import BY_JOINING, get_member, list_members
from organizations.members.services import change_role, choose_topics, leave_organization, remove_members
from organizations.members.topics import Topic, effective_topics


class MemberFilters(serializers.Serializer[Any]):
    """What the members can be filtered by."""

    role = serializers.ChoiceField(choices=Role.choices, required=False, default="")
    has_billing = serializers.BooleanField(required=False, default=None, allow_null=True)


class MemberOutput(serializers.Serializer[Any]):
    """A member of an organization."""

    id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    first_name = serializers.CharField(source="user.first_name")
    last_name = serializers.CharField(source="user.last_name")
    email = serializers.CharField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices)
    has_billing = serializers.BooleanField()
    topics = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_topics(self, member: Membership) -> list[str]:
        """Return the kinds of administrative mail that the member gets."""
        return sorted(effective_topics(member.topics, member.role, has_billing=member.has_billing))


class MemberChange(serializers.Serializer[Any]):
    """What of a member can be changed; what is left out stays."""

    role = serializers.ChoiceField(choices=Role.choices, required=False)
    has_billing = serializers.BooleanField(required=False)
    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=Topic.choices), required=False, max_length=len(Topic)
    )


class MemberList(OrganizationAPIView):
    """The members of an organization."""

    permissions = {"GET": Permission.MEMBERS_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}
    listing = Listing(orders={"created_at": BY_JOINING}, filters=MemberFilters, searched=True)

    @extend_schema(responses=MemberOutput(many=True), operation_id="members_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the members in the order in which they joined, a page at a time."""
        asked = self.listing.read(request.query_params)
        rows = list_members(organization=request.organization, **asked.criteria)
        return answer_list(asked, rows, MemberOutput)


class MemberDetail(OrganizationAPIView):
    """One member of an organization."""

    permissions = {
        "GET": Permission.MEMBERS_VIEW,
        "PATCH": Permission.MEMBERS_MANAGE,
        "DELETE": Permission.MEMBERS_MANAGE,
    }
    scopes = {
        "GET": Scope.ORGANIZATIONS_READ,
        "PATCH": Scope.ORGANIZATIONS_WRITE,
        "DELETE": Scope.ORGANIZATIONS_WRITE,
    }

    @extend_schema(responses=MemberOutput, operation_id="members_get")
    def get(self, request: OrganizationAPIRequest, membership_id: int) -> Response:
        """Return one member."""
        return success(MemberOutput(self._find(request, membership_id)).data)

    @extend_schema(request=MemberChange, responses=MemberOutput, operation_id="members_change")
    def patch(self, request: OrganizationAPIRequest, membership_id: int) -> Response:
        """Change role, billing right and kinds of mail; all of it or nothing (ORG-8, ORG-11)."""
        member = self._find(request, membership_id)
        given = MemberChange(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        facts: dict[str, Any] = {
            "organization_id": request.organization.pk,
            "membership_id": member.pk,
            "changer": request.membership,
            "actor": request.actor,
            "at": request.at,
        }
        with transaction.atomic():
            change_role(
                role=wanted.get("role", member.role),
                has_billing=wanted.get("has_billing", member.has_billing),
                **facts,
            )
            if "topics" in wanted:
                choose_topics(topics=wanted["topics"], **facts)
        return success(MemberOutput(self._find(request, membership_id)).data)

    @extend_schema(responses={200: None}, operation_id="members_remove")
    def delete(self, request: OrganizationAPIRequest, membership_id: int) -> Response:
        """Remove the member; the login stays (ORG-10)."""
        member = self._find(request, membership_id)
        remove_members(
            organization_id=request.organization.pk,
            membership_ids=[member.pk],
            remover=request.membership,
            actor=request.actor,
            at=request.at,
        )
        return success(None)

    def _find(self, request: OrganizationAPIRequest, membership_id: int) -> Membership:
        if membership_id > MAX_ID:
            raise NotFound
        return get_member(organization_id=request.organization.pk, membership_id=membership_id)


class TopicsValue(serializers.Serializer[Any]):
    """The kinds of administrative mail that the token's person gets from the organization."""

    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=Topic.choices), max_length=len(Topic)
    )


class OwnTopics(OrganizationAPIView):
    """Which administrative mails the token's person gets (ORG-11)."""

    permissions = {"GET": Permission.MEMBERSHIP_OWN, "PUT": Permission.MEMBERSHIP_OWN}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "PUT": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses=TopicsValue, operation_id="own_topics_get")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Show which administrative mails you get."""
        return success({"topics": MemberOutput().get_topics(request.membership)})

    @extend_schema(request=TopicsValue, responses=TopicsValue, operation_id="own_topics_choose")
    def put(self, request: OrganizationAPIRequest) -> Response:
        """Choose which administrative mails you get; those that tell amounts need the billing right."""
        given = TopicsValue(data=request.data)
        given.is_valid(raise_exception=True)
        member = choose_topics(
            organization_id=request.organization.pk,
            membership_id=request.membership.pk,
            topics=given.validated_data["topics"],
            changer=request.membership,
            actor=request.actor,
            at=request.at,
        )
        return success({"topics": MemberOutput().get_topics(member)})


class Leaving(OrganizationAPIView):
    """The end of one's own membership."""

    permissions = {"POST": Permission.MEMBERSHIP_OWN}
    scopes = {"POST": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(request=None, responses={200: None}, operation_id="organizations_leave")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Leave the organization; refused to the only legal representative (ORG-2)."""
        leave_organization(membership=request.membership, actor=request.actor, at=request.at)
        return success(None)
