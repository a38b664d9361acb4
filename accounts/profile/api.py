"""The person's own profile over the API."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.profile.history import list_history
from accounts.profile.notifications import CHOICES
from accounts.profile.services import choose_mails
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.users.forms import time_zones
from accounts.users.models import User
from accounts.users.services import update_profile
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.listing import Listing, answer_list

LANGUAGES = [code for code, _language in settings.LANGUAGES]
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


class HistoryFilters(serializers.Serializer[Any]):
    """What the events can be filtered by."""

    only = serializers.ChoiceField(choices=["sign-ins", "failed"], required=False, default="")


class History(PersonAPIView):
    """What happened to the person's way in (ACC-14)."""

    scopes = {"GET": Scope.PROFILE_READ.value}
    listing = Listing(descending=True, filters=HistoryFilters)

    class Output(serializers.Serializer[Any]):
        """One event: a sign-in, or a change of how the person signs in."""

        id = serializers.IntegerField()
        name = serializers.CharField()
        created_at = serializers.DateTimeField()
        address = serializers.CharField(allow_null=True)
        agent = serializers.CharField()
        details = serializers.DictField()

    @extend_schema(operation_id="history_list", responses=Output(many=True))
    def get(self, request: PersonAPIRequest) -> Response:
        """List the events, newest first, a page at a time."""
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_history(user=request.user, **asked.criteria), self.Output)


class Notifications(PersonAPIView):
    """The optional mails that the person gets (ACC-14)."""

    scopes = {"GET": Scope.PROFILE_READ.value, "PUT": Scope.PROFILE_WRITE.value}

    class Data(serializers.Serializer[Any]):
        """The kinds of mail that are wanted."""

        mails = serializers.ListField(child=serializers.ChoiceField(list(CHOICES)), max_length=len(CHOICES))

    @extend_schema(operation_id="notifications_get", responses=Data)
    def get(self, request: PersonAPIRequest) -> Response:
        """Return the optional mails that the person gets."""
        return success(self._wanted(request.user))

    @extend_schema(operation_id="notifications_choose", request=Data, responses=Data)
    def put(self, request: PersonAPIRequest) -> Response:
        """Choose the optional mails; those about security always come."""
        given = self.Data(data=request.data)
        given.is_valid(raise_exception=True)
        changed = choose_mails(
            user=request.user, wanted=given.validated_data["mails"], actor=request.actor, at=request.at
        )
        return success(self._wanted(changed))

    def _wanted(self, user: User) -> dict[str, list[str]]:
        return {"mails": [str(kind) for kind in CHOICES if kind not in user.muted_mails]}
