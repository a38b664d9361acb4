"""Password and mobile number over the API: a token alone changes neither."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.security.services import change_password, prove_password
from accounts.sessions.limits import counted_password
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.users.addresses import normalize_phone
from accounts.users.models import User
from accounts.users.passwords import LONGEST
from accounts.users.services import change_phone
from manager.kit.api import success

WRITE = {"POST": Scope.PROFILE_WRITE.value}


class PasswordInput(serializers.Serializer[Any]):
    """The account's password: a token alone changes nothing here."""

    password = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class PhoneInput(PasswordInput):
    """The mobile number, empty to remove it, and the account's password."""

    phone = serializers.CharField(max_length=32, allow_blank=True)

    def validate_phone(self, value: str) -> str:
        """Return the number in its international form."""
        return normalize_phone(value)


class NewPasswordInput(serializers.Serializer[Any]):
    """The current password and the new one; whether programs end, and the own mailbox gets it."""

    current = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    password = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    with_programs = serializers.BooleanField(default=False)
    with_mailbox = serializers.BooleanField(default=False)


class PhoneOutput(serializers.Serializer[User]):
    """The mobile number (E.164)."""

    phone = serializers.CharField()


def prove(request: PersonAPIRequest, serializer: type[PasswordInput]) -> dict[str, Any]:
    """Return what was sent, with the account's password in it; only wrong ones count."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    with counted_password(request.user.pk):
        prove_password(user=request.user, password=given.validated_data["password"])
    return dict(given.validated_data)


class Phone(PersonAPIView):
    """The mobile number."""

    scopes = WRITE

    @extend_schema(operation_id="phone_change", request=PhoneInput, responses=PhoneOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Change the mobile number, by which a forgotten login is found (ACC-7)."""
        wanted = prove(request, PhoneInput)
        user = change_phone(user=request.user, phone=wanted["phone"], actor=request.actor, at=request.at)
        return success(PhoneOutput(user).data)


class Password(PersonAPIView):
    """The password."""

    scopes = WRITE

    @extend_schema(operation_id="password_change", request=NewPasswordInput, responses={200: None})
    def post(self, request: PersonAPIRequest) -> Response:
        """Change the password with the current one; all sessions in browsers end (ACC-5)."""
        given = NewPasswordInput(data=request.data)
        given.is_valid(raise_exception=True)
        with counted_password(request.user.pk):
            change_password(
                user=request.user,
                **given.validated_data,
                keep_session=None,
                actor=request.actor,
                at=request.at,
            )
        return success(None)
