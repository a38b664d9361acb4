"""The person's own profile over the API."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.users.forms import time_zones
from accounts.users.models import User
from accounts.users.services import update_profile
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters

LANGUAGES = [code for code, _name in settings.LANGUAGES]
THEMES = ["system", "light", "dark"]


class Profile(PersonAPIView):
    """Read and change one's own profile (ACC-14)."""

    scopes = {"GET": Scope.PROFILE_READ.value, "PATCH": Scope.PROFILE_WRITE.value}

    class Input(serializers.Serializer[Any]):
        """What can be changed; what is left out stays."""

        first_name = serializers.CharField(
            required=False, max_length=80, validators=[refuse_control_characters]
        )
        last_name = serializers.CharField(
            required=False, max_length=80, validators=[refuse_control_characters]
        )
        language = serializers.ChoiceField(LANGUAGES, required=False)
        time_zone = serializers.ChoiceField(time_zones(), required=False)
        theme = serializers.ChoiceField(THEMES, required=False)

    class Output(serializers.Serializer[User]):
        """The profile."""

        id = serializers.IntegerField()
        email = serializers.EmailField()
        first_name = serializers.CharField()
        last_name = serializers.CharField()
        phone = serializers.CharField()
        language = serializers.ChoiceField(LANGUAGES)
        time_zone = serializers.CharField()
        theme = serializers.ChoiceField(THEMES)
        created_at = serializers.DateTimeField()

    @extend_schema(operation_id="profile_get", responses=Output)
    def get(self, request: PersonAPIRequest) -> Response:
        """Return the profile of the token's person."""
        return success(self.Output(request.user).data)

    @extend_schema(operation_id="profile_change", request=Input, responses=Output)
    def patch(self, request: PersonAPIRequest) -> Response:
        """Change the profile of the token's person."""
        given = self.Input(data=request.data)
        given.is_valid(raise_exception=True)
        changed = update_profile(
            user=request.user, actor=request.actor, at=request.at, **given.validated_data
        )
        return success(self.Output(changed).data)
