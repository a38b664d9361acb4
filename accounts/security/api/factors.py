"""A person's second factors over the API, to see only: a token neither adds nor removes one (INC-14)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.mfa.factors import AddedFactor, list_added_factors
from accounts.mfa.selectors import count_backup_codes
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from manager.kit.api import success


class FactorOutput(serializers.Serializer[AddedFactor]):
    """A second factor that is on."""

    kind = serializers.CharField()
    id = serializers.IntegerField()
    name = serializers.CharField()
    added_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class FactorList(PersonAPIView):
    """The second factors that are on (ACC-8)."""

    scopes = {"GET": Scope.PROFILE_READ.value}

    class Output(serializers.Serializer[Any]):
        """The factors, last used first, and the number of backup codes left."""

        factors = FactorOutput(many=True)
        backup_codes_left = serializers.IntegerField()

    @extend_schema(operation_id="second_factors_list", responses=Output)
    def get(self, request: PersonAPIRequest) -> Response:
        """Return what is asked at the second step; secrets, numbers and keys are never told."""
        factors = list_added_factors(request.user)
        left = count_backup_codes(request.user)
        return success(self.Output({"factors": factors, "backup_codes_left": left}).data)
