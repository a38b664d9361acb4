"""Routes of the API of terminations."""

from django.urls import path

from products.termination import api

urlpatterns = [
    path("organizations/<organization>/terminations", api.TerminationList.as_view(), name="terminations"),
    path(
        "organizations/<organization>/terminations/<int:termination_id>",
        api.TerminationDetail.as_view(),
        name="termination",
    ),
    path(
        "organizations/<organization>/terminations/<int:termination_id>/confirm",
        api.TerminationConfirmation.as_view(),
        name="confirm_termination",
    ),
    path(
        "organizations/<organization>/products/<int:product_id>/takes-along",
        api.ProductLuggage.as_view(),
        name="product_takes_along",
    ),
    path(
        "organizations/<organization>/products/<int:product_id>/restore",
        api.ProductRestore.as_view(),
        name="restore_product",
    ),
]
