"""Files of invoices: PDF, ZIP of PDFs (BIL-4, BIL-19)."""

from django.urls import path

from billing.documents import views

urlpatterns = [
    path("o/<int:organization_id>/billing/invoices/<int:invoice_id>/pdf/", views.pdf, name="invoice_pdf"),
    path(
        "o/<int:organization_id>/billing/credit-notes/<int:credit_note_id>/pdf/",
        views.credit_note_pdf,
        name="credit_note_pdf",
    ),
    path("o/<int:organization_id>/billing/invoices/download/", views.download, name="download_invoices"),
    path("o/<int:organization_id>/billing/invoices/period/", views.period, name="invoices_period"),
    path(
        "o/<int:organization_id>/billing/invoices/period/archive/",
        views.period_archive,
        name="invoices_archive",
    ),
]
