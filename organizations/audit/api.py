"""The audit log over REST (ORG-16)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.ids import MAX_ID
from manager.kit.listing import DayField, Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.audit.chain import verify_chain
from organizations.audit.selectors import list_audit


class AuditFilters(serializers.Serializer[Any]):
    """What the log can be filtered by; `since` and `until` are days in the organization's time zone."""

    name = serializers.CharField(
        max_length=60, required=False, default="", help_text="The event, for example `invoice.paid`."
    )
    actor_id = serializers.IntegerField(required=False, default=None, min_value=1, max_value=MAX_ID)
    since = DayField(required=False, default=None)
    until = DayField(required=False, default=None)


class AuditOutput(serializers.Serializer[Any]):
    """One act in an organization, with its place in the chain once it is sealed."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    at = serializers.DateTimeField()
    actor_kind = serializers.CharField()
    actor_id = serializers.IntegerField(allow_null=True)
    actor_name = serializers.CharField()
    through = serializers.CharField()
    on_behalf_of = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    agent = serializers.CharField()
    subject_kind = serializers.CharField()
    subject_id = serializers.IntegerField(allow_null=True)
    subject_name = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]  # the name of the model, not of DRF
    position = serializers.IntegerField(source="seal.position", allow_null=True)
    digest = serializers.CharField(source="seal.digest")


class ChainOutput(serializers.Serializer[Any]):
    """What the proof of the chain found."""

    is_whole = serializers.BooleanField()
    sealed = serializers.IntegerField()
    waiting = serializers.IntegerField()
    head = serializers.CharField()
    broken_at = serializers.IntegerField(allow_null=True)


class AuditList(OrganizationAPIView):
    """The audit log of an organization."""

    permissions = {"GET": Permission.AUDIT_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}
    listing = Listing(descending=True, filters=AuditFilters, searched=True)

    @extend_schema(responses=AuditOutput(many=True), operation_id="audit_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List what was done, newest first, a page at a time."""
        asked = self.listing.read(request.query_params)
        events = list_audit(organization=request.organization, **asked.criteria).select_related("seal")
        return answer_list(asked, events, AuditOutput)


class AuditChain(OrganizationAPIView):
    """The proof that the audit log is as it was written."""

    permissions = {"GET": Permission.AUDIT_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}

    @extend_schema(responses=ChainOutput, operation_id="audit_chain")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Prove the chain of seals from its start."""
        return success(ChainOutput(verify_chain(organization_id=request.organization.pk)).data)
