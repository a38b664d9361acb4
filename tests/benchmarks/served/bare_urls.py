"""The floor: the smallest list of a tenant's products that the framework can make for a token."""

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens.models import ApiToken
from accounts.users.models import User
from manager.kit.scope import tenant_scope
from manager.kit.tokens import hash_secret
from products.inventory.models import EXPIRY_ORDER, Product


class Token(BaseAuthentication):
    """A token, looked up with its person: one query."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken]:
        """Return the person and the token."""
        secret = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        token = ApiToken.objects.select_related("user").filter(secret_hash=hash_secret(secret)).first()
        if token is None:
            raise AuthenticationFailed
        return token.user, token


class Row(serializers.ModelSerializer[Product]):
    """A product with ten fields, as an API lists it."""

    class Meta:
        model = Product
        fields = (
            "id", "name", "family", "status", "months", "quantity", "expires_on", "auto_renew", "created_at",
            "activated_at",
        )  # fmt: skip


class Floor(ListAPIView[Product]):
    """25 rows of a tenant in the order of an index: one query."""

    authentication_classes = (Token,)
    permission_classes = (IsAuthenticated,)
    serializer_class = Row

    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """List within the tenant's scope, without which the database shows nothing."""
        with tenant_scope(self.kwargs["organization_id"]):
            return self.list(request)

    def get_queryset(self) -> QuerySet[Product]:
        """Return the first page."""
        rows = Product.objects.filter(organization_id=self.kwargs["organization_id"])
        return rows.order_by(EXPIRY_ORDER, "pk")[:25]


urlpatterns = [path("floor/<int:organization_id>/", Floor.as_view())]
