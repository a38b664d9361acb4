"""REST operations on orders."""

from django.urls import path

from billing.orders import api

urlpatterns = [
    path("organizations/<organization>/orders", api.OrderList.as_view(), name="orders"),
    path("organizations/<organization>/orders/<int:order_id>", api.OrderDetail.as_view(), name="order"),
    path(
        "organizations/<organization>/orders/<int:order_id>/cancel",
        api.OrderCancel.as_view(),
        name="cancel_order",
    ),
]
