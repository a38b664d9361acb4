"""Routes of the API of actions."""

from django.urls import path

from products.actions import api

urlpatterns = [
    path(
        "organizations/<organization>/products/<int:product_id>/actions",
        api.ProductActions.as_view(),
        name="product_actions",
    ),
    path(
        "organizations/<organization>/products/<int:product_id>/actions/<int:action_id>",
        api.ProductAction.as_view(),
        name="product_action",
    ),
]
