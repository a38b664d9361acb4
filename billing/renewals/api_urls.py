"""REST operations of the room."""

from django.urls import path

from billing.renewals import api

urlpatterns = [
    path("organizations/<organization>/renewals", api.RenewalList.as_view(), name="renewals"),
    path(
        "organizations/<organization>/products/<int:product_id>/renewal",
        api.ProductRenewal.as_view(),
        name="product_renewal",
    ),
]
