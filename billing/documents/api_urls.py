"""REST operations on files of invoices."""

from django.urls import path

from billing.documents import api

urlpatterns = [
    path(
        "organizations/<organization>/invoices/archive",
        api.InvoiceArchive.as_view(),
        name="invoices_archive",
    ),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/pdf",
        api.InvoicePdf.as_view(),
        name="invoice_pdf",
    ),
]
