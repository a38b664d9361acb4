"""REST operations on payments."""

from django.urls import path

from billing.payments import api, transfer_api

urlpatterns = [
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/pay",
        api.InvoicePay.as_view(),
        name="pay_invoice",
    ),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/transfer",
        transfer_api.InvoiceTransfer.as_view(),
        name="invoice_transfer",
    ),
    path(
        "organizations/<organization>/payments/<int:attempt_id>", api.PaymentDetail.as_view(), name="payment"
    ),
    path(
        "organizations/<organization>/payments/<int:attempt_id>/cancel",
        api.PaymentCancel.as_view(),
        name="cancel_payment",
    ),
]
