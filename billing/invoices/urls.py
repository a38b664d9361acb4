"""Pages of invoices: the history, one invoice, its documents (BIL-4, BIL-19)."""

from django.urls import path

from billing.invoices import views

urlpatterns = [
    path("o/<int:organization_id>/billing/invoices/", views.history, name="invoices"),
    path("o/<int:organization_id>/billing/invoices/export/", views.export, name="export_invoices"),
    path("o/<int:organization_id>/billing/invoices/download/", views.download, name="download_invoices"),
    path("o/<int:organization_id>/billing/invoices/<int:invoice_id>/", views.invoice, name="invoice"),
    path("o/<int:organization_id>/billing/invoices/<int:invoice_id>/pdf/", views.pdf, name="invoice_pdf"),
    path("o/<int:organization_id>/billing/invoices/<int:invoice_id>/cancel/", views.cancel, name="cancel_invoice"),
    path("o/<int:organization_id>/billing/invoices/<int:invoice_id>/void/", views.void, name="void_invoice"),
]
