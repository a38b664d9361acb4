"""Login, recovery address, mobile number and password over the API, always with the account's password."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.selectors import find_open_change
from accounts.recovery.services import (
    cancel_change,
    remove_recovery_email,
    request_recovery_email,
    resend_change,
)
from accounts.security.services import change_password, prove_password, request_login_change
from accounts.sessions.limits import HOUR, MINUTE, take_or_refuse
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.users.addresses import is_temporary, normalize_email, normalize_phone
from accounts.users.models import User
from accounts.users.passwords import LONGEST
from accounts.users.services import change_phone
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ratelimit import give_back

FAILURES_PER_PERSON = 10
MAILS_PER_PERSON = 5
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


def _prove(request: PersonAPIRequest, password: str) -> None:
    """Check the password; only wrong ones count."""
    key = f"password:person:{request.user.pk}"
    allowance = take_or_refuse(key, limit=FAILURES_PER_PERSON, window_seconds=15 * MINUTE)
    prove_password(user=request.user, password=password)
    give_back(allowance)


def _take_mail(request: PersonAPIRequest) -> None:
    key = f"address-change:person:{request.user.pk}"
    take_or_refuse(key, limit=MAILS_PER_PERSON, window_seconds=HOUR)


def _read(given: serializers.Serializer[Any]) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class Login(PersonAPIView):
    """The login, and a change of it that waits."""

    scopes = {"GET": Scope.PROFILE_READ.value, **WRITE}

    @extend_schema(operation_id="login_get", responses=AddressOutput)
    def get(self, request: PersonAPIRequest) -> Response:
        """Return the login."""
        return _show(request.user, AddressKind.LOGIN, request)

    @extend_schema(operation_id="login_change", request=AddressInput, responses=AddressOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Mail a link to the wanted login; it counts once the person opens it, signed in (ACC-4)."""
        wanted = _read(AddressInput(data=request.data))
        _prove(request, wanted["password"])
        _take_mail(request)
        request_login_change(user=request.user, **wanted, actor=request.actor, at=request.at)
        return _show(request.user, AddressKind.LOGIN, request)


class RecoveryEmail(PersonAPIView):
    """The recovery address, and a change of it that waits."""

    scopes = {"GET": Scope.PROFILE_READ.value, **WRITE}

    @extend_schema(operation_id="recovery_email_get", responses=AddressOutput)
    def get(self, request: PersonAPIRequest) -> Response:
        """Return the recovery address."""
        return _show(request.user, AddressKind.RECOVERY, request)

    @extend_schema(operation_id="recovery_email_change", request=AddressInput, responses=AddressOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Mail a link to the wanted recovery address; it counts once opened, signed in (ACC-6)."""
        wanted = _read(AddressInput(data=request.data))
        _prove(request, wanted["password"])
        _take_mail(request)
        request_recovery_email(
            user=request.user, address=wanted["address"], actor=request.actor, at=request.at
        )
        return _show(request.user, AddressKind.RECOVERY, request)


class RecoveryEmailRemoval(PersonAPIView):
    """Remove the recovery address."""

    scopes = WRITE

    @extend_schema(operation_id="recovery_email_remove", request=PasswordInput, responses=AddressOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Remove the recovery address; all sessions in browsers end."""
        _prove(request, _read(PasswordInput(data=request.data))["password"])
        user = remove_recovery_email(user=request.user, keep_session=None, actor=request.actor, at=request.at)
        return _show(user, AddressKind.RECOVERY, request)


class WaitingChange(PersonAPIView):
    """What is done with a change that waits, by kind."""

    scopes = WRITE
    kind = AddressKind.LOGIN

    def cancel(self, request: PersonAPIRequest) -> Response:
        """Give the change up."""
        cancel_change(user=request.user, kind=self.kind, actor=request.actor, at=request.at)
        return _show(request.user, self.kind, request)

    def resend(self, request: PersonAPIRequest) -> Response:
        """Mail another link, in place of the earlier one."""
        _take_mail(request)
        resend_change(user=request.user, kind=self.kind, actor=request.actor, at=request.at)
        return _show(request.user, self.kind, request)


class LoginCancellation(WaitingChange):
    """Give up a change of the login."""

    @extend_schema(operation_id="login_cancel", request=None, responses=AddressOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Give up the change of the login that waits."""
        return self.cancel(request)


class LoginSending(WaitingChange):
    """Mail the link of a new login again."""

    @extend_schema(operation_id="login_resend", request=None, responses=AddressOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Mail the link of the login that waits again."""
        return self.resend(request)


class RecoveryEmailCancellation(WaitingChange):
    """Give up a change of the recovery address."""

    kind = AddressKind.RECOVERY

    @extend_schema(operation_id="recovery_email_cancel", request=None, responses=AddressOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Give up the change of the recovery address that waits."""
        return self.cancel(request)


class RecoveryEmailSending(WaitingChange):
    """Mail the link of a new recovery address again."""

    kind = AddressKind.RECOVERY

    @extend_schema(operation_id="recovery_email_resend", request=None, responses=AddressOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Mail the link of the recovery address that waits again."""
        return self.resend(request)


class Phone(PersonAPIView):
    """The mobile number."""

    scopes = WRITE

    @extend_schema(operation_id="phone_change", request=PhoneInput, responses=PhoneOutput)
    def post(self, request: PersonAPIRequest) -> Response:
        """Change the mobile number, by which a forgotten login is found (ACC-7)."""
        wanted = _read(PhoneInput(data=request.data))
        _prove(request, wanted["password"])
        user = change_phone(user=request.user, phone=wanted["phone"], actor=request.actor, at=request.at)
        return success(PhoneOutput(user).data)


class Password(PersonAPIView):
    """The password."""

    scopes = WRITE

    @extend_schema(operation_id="password_change", request=NewPasswordInput, responses={204: None})
    def post(self, request: PersonAPIRequest) -> Response:
        """Change the password with the current one; all sessions in browsers end (ACC-5)."""
        wanted = _read(NewPasswordInput(data=request.data))
        key = f"password:person:{request.user.pk}"
        allowance = take_or_refuse(key, limit=FAILURES_PER_PERSON, window_seconds=15 * MINUTE)
        change_password(user=request.user, **wanted, keep_session=None, actor=request.actor, at=request.at)
        give_back(allowance)
        return Response(status=status.HTTP_204_NO_CONTENT)
