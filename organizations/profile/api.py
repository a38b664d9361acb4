"""Organizations over REST."""

import base64
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.users.forms import time_zones
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.members.models import Membership
from organizations.members.selectors import BY_USE, list_memberships_of
from organizations.profile.models import Kind, VatCheckState
from organizations.profile.selectors import latest_vat_check
from organizations.profile.services import edit_organization, remove_logo, request_vat_check, set_logo
from organizations.profile.services.vat import TASK
from organizations.progress.api import StartedOutput, started


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
    logo_digest = serializers.CharField(source="organization.logo_digest")
    created_at = serializers.DateTimeField(source="organization.created_at")


class VatCheckOutput(serializers.Serializer[Any]):
    """What the register says about the VAT number; the newest question, answered or not (ORG-4)."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=VatCheckState.choices)
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    name = serializers.CharField()
    address = serializers.CharField()
    reference = serializers.CharField()


def _line(length: int, **more: Any) -> serializers.CharField:
    """Return a field of one line without control characters, which may be left out."""
    return serializers.CharField(
        max_length=length, required=False, validators=[refuse_control_characters], **more
    )


class OrganizationChange(serializers.Serializer[Any]):
    """What can be changed of the sheet; what is left out stays."""

    name = _line(120)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    street = _line(120, allow_blank=True)
    postal_code = _line(16, allow_blank=True)
    city = _line(80, allow_blank=True)
    country = serializers.CharField(min_length=2, max_length=2, required=False)
    vat_number = _line(20, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    time_zone = _line(50)

    def validate_country(self, value: str) -> str:
        """Know the country."""
        if value not in countries:
            raise serializers.ValidationError(_("This country is not known."))
        return value

    def validate_time_zone(self, value: str) -> str:
        """Know the time zone."""
        if value not in dict(time_zones()):
            raise serializers.ValidationError(_("This time zone is not known."))
        return value


class LogoInput(serializers.Serializer[Any]):
    """A picture: PNG, JPEG, WebP or GIF, as Base64, at most 1.3 MB of it in all."""

    picture = serializers.CharField(max_length=1_400_000)

    def validate_picture(self, value: str) -> bytes:
        """Return the bytes."""
        try:
            return base64.b64decode(value, validate=True)
        except ValueError as error:
            raise serializers.ValidationError(_("This is not Base64.")) from error


class LogoOutput(serializers.Serializer[Any]):
    """The logo as it is shown: an empty digest stands for none."""

    digest = serializers.CharField(source="logo_digest")


class OrganizationList(PersonAPIView):
    """The organizations of the token's person, last used first."""

    scopes = {"GET": Scope.ORGANIZATIONS_READ}
    listing = Listing(orders={"last_used_at": BY_USE}, descending=True, searched=True)

    @extend_schema(responses=OrganizationOutput(many=True), operation_id="organizations_list")
    def get(self, request: PersonAPIRequest) -> Response:
        """List the organizations that the token reaches."""
        asked = self.listing.read(request.query_params)
        memberships = list_memberships_of(user=request.user)
        if words := asked.criteria["search"]:
            memberships = memberships.filter(organization__name__icontains=words)
        bound = request.auth.organization_id
        if bound:
            memberships = memberships.filter(organization_id=bound)
        return answer_list(asked, memberships, OrganizationOutput)


class OrganizationDetail(OrganizationAPIView):
    """One organization; `current` is the one that the token is bound to, or the last used."""

    permissions = {"GET": Permission.ORGANIZATION_VIEW, "PATCH": Permission.ORGANIZATION_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "PATCH": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses=OrganizationDetailOutput, operation_id="organizations_get")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Return the organization's sheet."""
        membership: Membership = request.membership
        return success(OrganizationDetailOutput(membership).data)

    @extend_schema(
        request=OrganizationChange, responses=OrganizationDetailOutput, operation_id="organizations_edit"
    )
    def patch(self, request: OrganizationAPIRequest) -> Response:
        """Change the sheet. A new VAT number is asked at its register."""
        given = OrganizationChange(data=request.data)
        given.is_valid(raise_exception=True)
        membership: Membership = request.membership
        membership.organization = edit_organization(
            organization=request.organization,
            values=given.validated_data,
            actor=request.actor,
            at=request.at,
        )
        return success(OrganizationDetailOutput(membership).data)


class OrganizationVatCheck(OrganizationAPIView):
    """The check of the VAT number."""

    permissions = {"GET": Permission.ORGANIZATION_MANAGE, "POST": Permission.ORGANIZATION_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "POST": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses=VatCheckOutput(allow_null=True), operation_id="vat_check_get")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Return the newest check of the present number; null without a number."""
        check = latest_vat_check(organization=request.organization)
        return success(VatCheckOutput(check).data if check else None)

    @extend_schema(request=None, responses={202: StartedOutput}, operation_id="vat_check_request")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Have the number asked at its register now; its task tells when there is an answer."""
        check = request_vat_check(organization=request.organization, actor=request.actor, at=request.at)
        return started(request, TASK, check.pk)


class OrganizationLogo(OrganizationAPIView):
    """The logo."""

    permissions = {"POST": Permission.ORGANIZATION_MANAGE, "DELETE": Permission.ORGANIZATION_MANAGE}
    scopes = {"POST": Scope.ORGANIZATIONS_WRITE, "DELETE": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(request=LogoInput, responses=LogoOutput, operation_id="logo_set")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Set or replace the logo (ORG-5)."""
        given = LogoInput(data=request.data)
        given.is_valid(raise_exception=True)
        row = set_logo(
            organization=request.organization,
            data=given.validated_data["picture"],
            actor=request.actor,
            at=request.at,
        )
        return success(LogoOutput(row).data)

    @extend_schema(responses=LogoOutput, operation_id="logo_remove")
    def delete(self, request: OrganizationAPIRequest) -> Response:
        """Remove the logo: the name is shown again."""
        row = remove_logo(organization=request.organization, actor=request.actor, at=request.at)
        return success(LogoOutput(row).data)
