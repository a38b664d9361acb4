"""Routes of the API of transfers."""

from django.urls import path

from products.transfer import api

urlpatterns = [
    path("organizations/<organization>/transfers", api.TransferList.as_view(), name="transfers"),
    path(
        "organizations/<organization>/transfers/<int:transfer_id>",
        api.TransferDetail.as_view(),
        name="transfer",
    ),
    path(
        "organizations/<organization>/accepted-transfers",
        api.TransferAcceptance.as_view(),
        name="accept_transfer",
    ),
]
