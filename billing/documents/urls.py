"""Files of invoices: PDF, ZIP of PDFs, receipts, the reminder (BIL-4, BIL-19)."""

from django.urls import path

from billing.documents import paper_views, views

urlpatterns = [
    path("o/<int:organization_id>/billing/invoices/<int:invoice_id>/pdf/", views.pdf, name="invoice_pdf"),
    path(
        "o/<int:organization_id>/billing/credit-notes/<int:credit_note_id>/pdf/",
        views.credit_note_pdf,
        name="credit_note_pdf",
    ),
    path("o/<int:organization_id>/billing/invoices/download/", views.download, name="download_invoices"),
    path(
        "o/<int:organization_id>/billing/invoices/<int:invoice_id>/receipt/",
        paper_views.invoice_receipt,
        name="invoice_receipt",
    ),
    path(
        "o/<int:organization_id>/billing/prepaid/receipts/<int:movement_id>/",
        paper_views.top_up_receipt,
        name="top_up_receipt",
    ),
    path("o/<int:organization_id>/billing/reminder/", paper_views.reminder, name="reminder"),
]
