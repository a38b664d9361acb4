"""Routes of the pages of actions."""

from django.urls import path

from products.actions import views

urlpatterns = [
    path(
        "o/<int:organization_id>/products/<int:product_id>/actions/<slug:action>/",
        views.ask,
        name="ask_action",
    ),
    path(
        "o/<int:organization_id>/products/<int:product_id>/actions/<int:action_id>/cancel/",
        views.cancel,
        name="cancel_action",
    ),
]
