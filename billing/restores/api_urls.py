"""REST operations of the room."""

from django.urls import path

from billing.restores import api

urlpatterns = [
    path(
        "organizations/<organization>/products/<int:product_id>/redemption",
        api.Redemption.as_view(),
        name="redemption",
    ),
]
