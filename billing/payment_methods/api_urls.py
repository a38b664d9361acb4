"""REST operations on saved means."""

from django.urls import path

from billing.payment_methods import api

urlpatterns = [
    path("organizations/<organization>/payment-methods", api.MethodList.as_view(), name="payment_methods"),
    path(
        "organizations/<organization>/payment-methods/<int:method_id>",
        api.MethodDetail.as_view(),
        name="payment_method",
    ),
    path(
        "organizations/<organization>/payment-methods/<int:method_id>/default",
        api.MethodDefault.as_view(),
        name="default_payment_method",
    ),
    path(
        "organizations/<organization>/payment-methods/<int:method_id>/move",
        api.MethodMove.as_view(),
        name="move_payment_method",
    ),
]
