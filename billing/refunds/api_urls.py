"""REST operations on refunds."""

from django.urls import path

from billing.refunds import api

urlpatterns = [
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/refunds",
        api.InvoiceRefunds.as_view(),
        name="invoice_refunds",
    ),
]
