"""REST operations on files of invoices."""

from django.urls import path

from billing.documents import api, paper_api

urlpatterns = [
    path(
        "organizations/<organization>/credit-notes/<int:credit_note_id>/pdf",
        api.CreditNotePdf.as_view(),
        name="credit_note_pdf",
    ),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/pdf",
        api.InvoicePdf.as_view(),
        name="invoice_pdf",
    ),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/receipt",
        paper_api.InvoiceReceipt.as_view(),
        name="invoice_receipt",
    ),
    path(
        "organizations/<organization>/prepaid/receipts/<int:movement_id>",
        paper_api.TopUpReceipt.as_view(),
        name="top_up_receipt",
    ),
    path("organizations/<organization>/reminder", paper_api.Reminder.as_view(), name="reminder"),
]
