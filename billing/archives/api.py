"""REST operations on the files of a period (API-1): ask, look how far it is, take it."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.archives.download import send
from billing.archives.forms import PeriodForm
from billing.archives.selectors import get_archive, list_archives
from billing.archives.services import TASK, ask_archive
from manager.kit.api import success
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.progress.api import StartedOutput, started


class PeriodInput(serializers.Serializer[Any]):
    """The first and the last day, both included; at most three years."""

    first = serializers.DateField()
    last = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the days against the page's own rules."""
        form = PeriodForm({name: day.isoformat() for name, day in attrs.items()})
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(text) for text in told] for name, told in form.errors.items()}
            )
        return attrs


class ArchiveOutput(serializers.Serializer[Any]):
    """A file: `done` of `total` documents are in it; it can be taken once it is ready, until it expires."""

    id = serializers.IntegerField()
    first = serializers.DateField()
    last = serializers.DateField()
    is_ready = serializers.BooleanField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    size = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class Archives(OrganizationAPIView):
    """The files of an organization's periods."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read", "POST": "billing:read"}
    listing = Listing(orders={})

    @extend_schema(responses=ArchiveOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the files that are being made or can be taken, newest first."""
        asked = self.listing.read(request.query_params)
        rows = list_archives(organization=request.organization, at=request.at)
        return answer_list(asked, rows, ArchiveOutput)

    @extend_schema(request=PeriodInput, responses={202: StartedOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Ask for the invoices and credit notes of a period as a ZIP of PDFs, with two tables."""
        asked = PeriodInput(data=request.data)
        asked.is_valid(raise_exception=True)
        row = ask_archive(
            organization=request.organization,
            language=get_language() or "en",
            actor=request.actor,
            at=request.at,
            **asked.validated_data,
        )
        return started(request, TASK, row.pk)


class ArchiveDetail(OrganizationAPIView):
    """One file."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses=ArchiveOutput)
    def get(self, request: OrganizationAPIRequest, archive_id: int) -> Response:
        """Return how far a file is."""
        row = get_archive(organization=request.organization, archive_id=archive_id, at=request.at)
        return success(ArchiveOutput(row).data)


class ArchiveFile(OrganizationAPIView):
    """The content of a file."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)})
    def get(self, request: OrganizationAPIRequest, archive_id: int) -> StreamingHttpResponse:
        """Return a file that is ready, as ZIP."""
        return send(get_archive(organization=request.organization, archive_id=archive_id, at=request.at))
