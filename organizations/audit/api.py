"""The audit log over REST (ORG-16)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from organizations.access.api import AFTER, OrganizationAPIRequest, OrganizationAPIView, answer_page
from organizations.access.roles import Permission
from organizations.audit.chain import verify_chain
from organizations.audit.forms import AuditFilterForm
from organizations.audit.selectors import list_audit

FILTERS = [
    OpenApiParameter("q", str, description="Words of the subject, the person or the event."),
    OpenApiParameter("name", str, description="The event, for example `invoice.paid`."),
    OpenApiParameter("actor", int, description="The id of the person who acted."),
    OpenApiParameter("since", str, description="First day, in the organization's time zone (YYYY-MM-DD)."),
    OpenApiParameter("until", str, description="Last day, in the organization's time zone (YYYY-MM-DD)."),
    AFTER,
]


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

    @extend_schema(responses=AuditOutput(many=True), parameters=FILTERS, operation_id="audit_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List what was done, newest first, a page at a time."""
        filters = AuditFilterForm(request.query_params)
        if not filters.is_valid():
            problems = {name: [str(text) for text in errors] for name, errors in filters.errors.items()}
            raise serializers.ValidationError(problems)
        events = list_audit(organization=request.organization, **filters.wanted()).select_related("seal")
        return answer_page(request, events, AuditOutput)


class AuditChain(OrganizationAPIView):
    """The proof that the audit log is as it was written."""

    permissions = {"GET": Permission.AUDIT_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}

    @extend_schema(responses=ChainOutput, operation_id="audit_chain")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Prove the chain of seals from its start."""
        return success(ChainOutput(verify_chain(organization_id=request.organization.pk)).data)
