"""REST operations on payments (API-1, API-5)."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.gateway.vocabulary import MEANS_KINDS
from billing.invoices.models import Invoice
from billing.invoices.selectors import get_invoice
from billing.payment_methods.selectors import get_method
from billing.payment_methods.setups import require_kind
from billing.payments.balance import part_from_balance
from billing.payments.models import PaymentAttempt, Purpose
from billing.payments.request_keys import key_from_outside
from billing.payments.selectors import explain_decline, get_attempt
from billing.payments.services import cancel_attempt, pay_from_prepaid, pay_with_method, start_payment
from billing.payments.status import AttemptStatus
from manager.kit.api import success
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class PayInput(serializers.Serializer[Any]):
    """With what to pay: a saved means, the prepaid account, or a kind of means on the provider's page."""

    method = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    prepaid = serializers.BooleanField(required=False, default=False)
    kind = serializers.ChoiceField(
        choices=MEANS_KINDS,
        required=False,
        help_text="Opens the provider's page, where a person pays: see `action_url` of the answer.",
    )
    keep = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Save the means that is entered on the provider's page; goes with `kind`.",
    )
    use_balance = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Take what is on the prepaid account first and charge only the rest to the means.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the three."""
        if ("method" in attrs) + ("kind" in attrs) + attrs["prepaid"] != 1:
            raise serializers.ValidationError({"method": [_("Give either a means, a kind or prepaid.")]})
        return attrs


class PaymentOutput(serializers.Serializer[PaymentAttempt]):
    """One attempt to pay. `action_url`: a person approves it at the bank there, or pays on that page.

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
        """Pay an invoice: from a saved means, the prepaid account, or on the provider's page; see `status`.

        While `status` is `requires_action` a person has to go to `action_url`: to approve the charge at the
        bank, or to pay on the provider's page. Ask for the payment by its `id` to learn what came of it.
        """
        given = PayInput(data=request.data)
        given.is_valid(raise_exception=True)
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        attempt = _pay(request, invoice, given.validated_data)
        return success(PaymentOutput(attempt).data, code=status.HTTP_201_CREATED)


def _pay(request: OrganizationAPIRequest, invoice: Invoice, given: dict[str, Any]) -> PaymentAttempt:
    key, uses_balance = request_key_of(request), given["use_balance"]
    if given["prepaid"]:
        return pay_from_prepaid(invoice=invoice, actor=request.actor, at=request.at, request_key=key)
    if "kind" in given:
        return start_payment(
            invoice=invoice,
            kinds=(require_kind(given["kind"], invoice.currency),),
            save_means=given["keep"],
            language=get_language() or "en",
            actor=request.actor,
            at=request.at,
            request_key=key,
            uses_balance=uses_balance,
        )
    return pay_with_method(
        invoice=invoice,
        method=get_method(organization=request.organization, method_id=given["method"]),
        actor=request.actor,
        at=request.at,
        request_key=key,
        uses_balance=uses_balance,
    )


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
    """Return the client's name of this one payment, as attempts keep it."""
    return key_from_outside(request.headers.get("Idempotency-Key", ""))
