"""REST operations on receivers of billing messages."""

from django.urls import path

from billing.receivers import api

HERE = "organizations/<organization>/billing-receivers"

urlpatterns = [
    path(HERE, api.BillingReceiverList.as_view(), name="billing_receivers"),
    path(f"{HERE}/<int:receiver_id>", api.BillingReceiverDetail.as_view(), name="billing_receiver"),
    path(f"{HERE}/<int:receiver_id>/ask", api.BillingReceiverAsk.as_view(), name="ask_billing_receiver"),
]
