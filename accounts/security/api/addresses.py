"""Login and recovery address over the API; setting one always asks the account's password."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.selectors import find_open_change
from accounts.recovery.services import cancel_change, open_change, remove_recovery_email, resend_change
from accounts.security.api.password import WRITE, PasswordInput, prove
from accounts.security.limits import take_mail
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from accounts.tokens.scopes import Scope
from accounts.users.addresses import is_temporary, normalize_email
from accounts.users.models import User
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters


class AddressInput(PasswordInput):
    """The wanted address and the account's password."""

    address = serializers.EmailField(max_length=254, validators=[refuse_control_characters])

    def validate_address(self, value: str) -> str:
        """Return the address in its one form; what is reserved for temporary logins is none."""
        address = normalize_email(value)
        if is_temporary(address):
            raise serializers.ValidationError(serializers.EmailField.default_error_messages["invalid"])
        return address


class WaitingOutput(serializers.Serializer[AddressChange]):
    """A change that waits for the link in its mail."""

    address = serializers.EmailField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class AddressOutput(serializers.Serializer[Any]):
    """An address of the person, and the one that waits for its confirmation."""

    address = serializers.CharField(allow_blank=True)
    waiting = WaitingOutput(allow_null=True)


def _show(user: User, kind: AddressKind, request: PersonAPIRequest) -> Response:
    address = user.email if kind == AddressKind.LOGIN else user.recovery_email
    waiting = find_open_change(user, kind, at=request.at)
    return success(AddressOutput({"address": address, "waiting": waiting}).data)


class Address(PersonAPIView):
    """One of the person's addresses, and a change of it that waits."""

    scopes = {"GET": Scope.PROFILE_READ.value, **WRITE}
    kind = AddressKind.LOGIN

    def get(self, request: PersonAPIRequest) -> Response:
        """Return the address."""
        return _show(request.user, self.kind, request)

    def post(self, request: PersonAPIRequest) -> Response:
        """Mail a link to the wanted address; it counts once the person opens it, signed in."""
        wanted = prove(request, AddressInput)
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
        prove(request, PasswordInput)
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
