"""Pages of invoices: the history, one invoice, cancel and void (BIL-4, BIL-5)."""

from django.urls import path

from billing.invoices import order_number_views, views

urlpatterns = [
    path("o/<int:organization_id>/billing/invoices/", views.history, name="invoices"),
    path("o/<int:organization_id>/billing/invoices/export/", views.export, name="export_invoices"),
    path("o/<int:organization_id>/billing/invoices/<int:invoice_id>/", views.invoice, name="invoice"),
    path(
        "o/<int:organization_id>/billing/invoices/<int:invoice_id>/cancel/",
        views.cancel,
        name="cancel_invoice",
    ),
    path(
        "o/<int:organization_id>/billing/invoices/<int:invoice_id>/order-number/",
        order_number_views.order_number,
        name="invoice_order_number",
    ),
    path("o/<int:organization_id>/billing/invoices/<int:invoice_id>/void/", views.void, name="void_invoice"),
]
