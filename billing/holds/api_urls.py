"""REST operations on held orders."""

from django.urls import path

from billing.holds import api

urlpatterns = [
    path(
        "organizations/<organization>/orders/<int:order_id>/send-check",
        api.OrderCheckSend.as_view(),
        name="send_order_check",
    ),
]
