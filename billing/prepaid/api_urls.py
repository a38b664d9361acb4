"""REST operations on the prepaid account."""

from django.urls import path

from billing.prepaid import api, api_top_up

urlpatterns = [
    path("organizations/<organization>/prepaid", api.PrepaidAccount.as_view(), name="prepaid"),
    path(
        "organizations/<organization>/prepaid/movements",
        api.PrepaidMovements.as_view(),
        name="prepaid_movements",
    ),
    path("organizations/<organization>/prepaid/top-ups", api_top_up.PrepaidTopUps.as_view(), name="top_up"),
    path(
        "organizations/<organization>/prepaid/settings",
        api.PrepaidWishes.as_view(),
        name="prepaid_settings",
    ),
    path(
        "organizations/<organization>/prepaid/statement",
        api.PrepaidStatement.as_view(),
        name="prepaid_statement",
    ),
]
