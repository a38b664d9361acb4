"""Login, recovery address, mobile number and password over the API, always with the account's password."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.selectors import find_open_change
from accounts.recovery.services import cancel_change, open_change, remove_recovery_email, resend_change
from accounts.security.limits import take_mail
from accounts.security.services import change_password, prove_password
from accounts.sessions.limits import counted_password
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.users.addresses import is_temporary, normalize_email, normalize_phone
from accounts.users.models import User
from accounts.users.passwords import LONGEST
from accounts.users.services import change_phone
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters

WRITE = {"POST": Scope.PROFILE_WRITE.value}


class PasswordInput(serializers.Serializer[Any]):
    """The account's password: a token alone changes nothing here."""

    password = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class AddressInput(PasswordInput):
    """The wanted address and the account's password."""

    address = serializers.EmailField(max_length=254, validators=[refuse_control_characters])

    def validate_address(self, value: str) -> str:
        """Return the address in its one form; what is reserved for temporary logins is none."""
        address = normalize_email(value)
        if is_temporary(address):
            raise serializers.ValidationError(serializers.EmailField.default_error_messages["invalid"])
        return address


class PhoneInput(PasswordInput):
    """The mobile number, empty to remove it, and the account's password."""

    phone = serializers.CharField(max_length=32, allow_blank=True)

    def validate_phone(self, value: str) -> str:
        """Return the number in its international form."""
        return normalize_phone(value)


class NewPasswordInput(serializers.Serializer[Any]):
    """The current password and the new one."""

    current = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    password = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class WaitingOutput(serializers.Serializer[AddressChange]):
    """A change that waits for the link in its mail."""

    address = serializers.EmailField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class AddressOutput(serializers.Serializer[Any]):
    """An address of the person, and the one that waits for its confirmation."""

    address = serializers.CharField(allow_blank=True)
    waiting = WaitingOutput(allow_null=True)


class PhoneOutput(serializers.Serializer[User]):
    """The mobile number (E.164)."""

    phone = serializers.CharField()


def _show(user: User, kind: AddressKind, request: PersonAPIRequest) -> Response:
    address = user.email if kind == AddressKind.LOGIN else user.recovery_email
    waiting = find_open_change(user, kind, at=request.at)
    return success(AddressOutput({"address": address, "waiting": waiting}).data)


def _prove(request: PersonAPIRequest, serializer: type[PasswordInput]) -> dict[str, Any]:
    """Return what was sent, with the account's password in it; only wrong ones count."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    with counted_password(request.user.pk):
        prove_password(user=request.user, password=given.validated_data["password"])
    return dict(given.validated_data)


class Address(PersonAPIView):
    """One of the person's addresses, and a change of it that waits."""

    scopes = {"GET": Scope.PROFILE_READ.value, **WRITE}
    kind = AddressKind.LOGIN

    def get(self, request: PersonAPIRequest) -> Response:
        """Return the address."""
        return _show(request.user, self.kind, request)

    def post(self, request: PersonAPIRequest) -> Response:
        """Mail a link to the wanted address; it counts once the person opens it, signed in."""
        wanted = _prove(request, AddressInput)
        take_mail(request.user.pk)
        open_change(
            user=request.user, kind=self.kind, address=wanted["address"], actor=request.actor, at=request.at
        )
        return _show(request.user, self.kind, request)


@extend_schema_view(
    get=extend_schema(operation_id="login_get", responses=AddressOutput),
    post=extend_schema(operation_id="login_change", request=AddressInput, responses=AddressOutput),
)
class Login(Address):
    """The login, and a change of it that waits (ACC-4)."""


@extend_schema_view(
    get=extend_schema(operation_id="recovery_email_get", responses=AddressOutput),
    post=extend_schema(operation_id="recovery_email_change", request=AddressInput, responses=AddressOutput),
)
class RecoveryEmail(Address):
    """The recovery address, and a change of it that waits (ACC-6)."""

    kind = AddressKind.RECOVERY


class RecoveryEmailRemoval(PersonAPIView):
    """Remove the recovery address."""

    scopes = WRITE

    @extend_schema(operation_id="recovery_email_remove", request=PasswordInput, responses=AddressOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Remove the recovery address; all sessions in browsers end."""
        _prove(request, PasswordInput)
        user = remove_recovery_email(user=request.user, keep_session=None, actor=request.actor, at=request.at)
        return _show(user, AddressKind.RECOVERY, request)


class Cancellation(PersonAPIView):
    """Give up a change that waits."""

    scopes = WRITE
    kind = AddressKind.LOGIN

    def post(self, request: PersonAPIRequest) -> Response:
        """Give up the change that waits."""
        cancel_change(user=request.user, kind=self.kind, actor=request.actor, at=request.at)
        return _show(request.user, self.kind, request)


@extend_schema_view(post=extend_schema(operation_id="login_cancel", request=None, responses=AddressOutput))
class LoginCancellation(Cancellation):
    """Give up a change of the login."""


@extend_schema_view(
    post=extend_schema(operation_id="recovery_email_cancel", request=None, responses=AddressOutput)
)
class RecoveryEmailCancellation(Cancellation):
    """Give up a change of the recovery address."""

    kind = AddressKind.RECOVERY


class Sending(PersonAPIView):
    """Mail the link of a change that waits again."""

    scopes = WRITE
    kind = AddressKind.LOGIN

    def post(self, request: PersonAPIRequest) -> Response:
        """Mail another link, in place of the earlier one."""
        take_mail(request.user.pk)
        resend_change(user=request.user, kind=self.kind, actor=request.actor, at=request.at)
        return _show(request.user, self.kind, request)


@extend_schema_view(post=extend_schema(operation_id="login_resend", request=None, responses=AddressOutput))
class LoginSending(Sending):
    """Mail the link of a new login again."""


@extend_schema_view(
    post=extend_schema(operation_id="recovery_email_resend", request=None, responses=AddressOutput)
)
class RecoveryEmailSending(Sending):
    """Mail the link of a new recovery address again."""

    kind = AddressKind.RECOVERY


class Phone(PersonAPIView):
    """The mobile number."""

    scopes = WRITE

    @extend_schema(operation_id="phone_change", request=PhoneInput, responses=PhoneOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Change the mobile number, by which a forgotten login is found (ACC-7)."""
        wanted = _prove(request, PhoneInput)
        user = change_phone(user=request.user, phone=wanted["phone"], actor=request.actor, at=request.at)
        return success(PhoneOutput(user).data)


class Password(PersonAPIView):
    """The password."""

    scopes = WRITE

    @extend_schema(operation_id="password_change", request=NewPasswordInput, responses={204: None})
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
        return Response(status=status.HTTP_204_NO_CONTENT)
