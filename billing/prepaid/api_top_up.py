"""REST operation that tops up the prepaid account (BIL-7, API-1)."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.gateway.vocabulary import MeansKind
from billing.payment_methods.selectors import get_method
from billing.payments.api import PaymentOutput, request_key_of
from billing.prepaid.services import LEAST, MOST, top_up, top_up_with_method
from manager.kit.api import success
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class TopUpInput(serializers.Serializer[Any]):
    """How much, and from where: a saved means, or a kind of means on the provider's page."""

    amount = MoneyField(minimum=LEAST, maximum=MOST)
    method = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in MeansKind],
        required=False,
        help_text="Opens the provider's page, where a person pays: see `action_url` of the answer.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two."""
        if ("method" in attrs) == ("kind" in attrs):
            raise serializers.ValidationError({"method": [_("Give either a means or a kind.")]})
        return attrs


class PrepaidTopUps(OrganizationAPIView):
    """Top-ups of the prepaid account."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=TopUpInput, responses={201: PaymentOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Top up the account by a saved means, or open the provider's page; see `status` and `action_url`.

        While `status` is `requires_action` a person has to go to `action_url`: to approve the charge at the
        bank, or to pay on the provider's page. Ask for the payment by its `id` to learn what came of it.
        """
        given = TopUpInput(data=request.data, context={"currency": request.organization.currency})
        given.is_valid(raise_exception=True)
        wanted: dict[str, Any] = {
            "organization": request.organization,
            "money": given.validated_data["amount"],
            "request_key": request_key_of(request),
            "actor": request.actor,
            "at": request.at,
        }
        if "kind" in given.validated_data:
            kind = MeansKind(given.validated_data["kind"])
            attempt = top_up(kind=kind, language=get_language() or "en", **wanted)
        else:
            method_id = given.validated_data["method"]
            method = get_method(organization=request.organization, method_id=method_id)
            attempt = top_up_with_method(method=method, **wanted)
        return success(PaymentOutput(attempt).data, code=status.HTTP_201_CREATED)
