"""REST operations on payments (API-1, API-5)."""

import hashlib
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.invoices.selectors import get_invoice
from billing.payment_methods.selectors import get_method
from billing.payments.balance import part_from_balance
from billing.payments.models import PaymentAttempt, Purpose
from billing.payments.selectors import explain_decline, get_attempt
from billing.payments.services import cancel_attempt, pay_from_prepaid, pay_with_method
from billing.payments.status import AttemptStatus
from manager.kit.api import success
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

KEY_LENGTH = 100


class PayInput(serializers.Serializer[Any]):
    """With what to pay: a saved means, or the prepaid account."""

    method = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    prepaid = serializers.BooleanField(required=False, default=False)
    use_balance = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Take what is on the prepaid account first and charge only the rest to `method`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two."""
        if bool(attrs.get("method")) == attrs["prepaid"]:
            raise serializers.ValidationError({"method": [_("Give either a means or prepaid.")]})
        return attrs


class PaymentOutput(serializers.Serializer[PaymentAttempt]):
    """One attempt to pay. `action_url`: the bank wants an approval there.

    `amount` is charged to the means; `from_balance` comes from the prepaid account beside it.
    """

    id = serializers.IntegerField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    invoice_id = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=AttemptStatus.choices)
    amount = MoneyField()
    from_balance = serializers.SerializerMethodField()
    method_id = serializers.IntegerField(allow_null=True)
    action_url = serializers.CharField(source="redirect_url")
    decline_code = serializers.CharField()
    decline_reason = serializers.SerializerMethodField()
    credited_to_prepaid = serializers.BooleanField(source="is_credited")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(MoneyField)
    def get_from_balance(self, attempt: PaymentAttempt) -> dict[str, Any]:
        """Return what the prepaid account pays beside the means."""
        return part_from_balance(attempt).as_dict()

    def get_decline_reason(self, attempt: PaymentAttempt) -> str:
        """Return why it was refused, in words."""
        return str(explain_decline(attempt)) if attempt.decline_code else ""


class InvoicePay(OrganizationAPIView):
    """The payment of an invoice."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=PayInput, responses={201: PaymentOutput})
    def post(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """Pay an invoice with a saved means or from the prepaid account; see `status` for what came of it."""
        given = PayInput(data=request.data)
        given.is_valid(raise_exception=True)
        key = request_key_of(request)
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        if given.validated_data["prepaid"]:
            attempt = pay_from_prepaid(invoice=invoice, actor=request.actor, at=request.at, request_key=key)
        else:
            method = get_method(organization=request.organization, method_id=given.validated_data["method"])
            attempt = pay_with_method(
                invoice=invoice,
                method=method,
                actor=request.actor,
                at=request.at,
                request_key=key,
                uses_balance=given.validated_data["use_balance"],
            )
        return success(PaymentOutput(attempt).data, code=status.HTTP_201_CREATED)


class PaymentDetail(OrganizationAPIView):
    """One payment."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses=PaymentOutput)
    def get(self, request: OrganizationAPIRequest, attempt_id: int) -> Response:
        """Show where a payment stands, as far as the panel knows."""
        return success(
            PaymentOutput(get_attempt(organization=request.organization, attempt_id=attempt_id)).data
        )


class PaymentCancel(OrganizationAPIView):
    """The end of an open payment."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=None, responses=PaymentOutput)
    def post(self, request: OrganizationAPIRequest, attempt_id: int) -> Response:
        """Give up an open payment, to choose another means; one that turns out to be paid stays so."""
        attempt = get_attempt(organization=request.organization, attempt_id=attempt_id)
        attempt = cancel_attempt(attempt=attempt, actor=request.actor, at=request.at)
        return success(PaymentOutput(attempt).data)


def request_key_of(request: OrganizationAPIRequest) -> str:
    """Return the client's name of this one payment, hashed where it is longer than the column."""
    key = request.headers.get("Idempotency-Key", "")
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()
