"""REST operations on invoices."""

from django.urls import path

from billing.invoices import api, notes_api, order_number_api

urlpatterns = [
    path(
        "organizations/<organization>/credit-notes", notes_api.CreditNoteList.as_view(), name="credit_notes"
    ),
    path(
        "organizations/<organization>/credit-notes/<int:credit_note_id>",
        notes_api.CreditNoteDetail.as_view(),
        name="credit_note",
    ),
    path("organizations/<organization>/invoices", api.InvoiceList.as_view(), name="invoices"),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>", api.InvoiceDetail.as_view(), name="invoice"
    ),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/cancel",
        api.InvoiceCancel.as_view(),
        name="cancel_invoice",
    ),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/purchase-order",
        order_number_api.InvoiceOrderNumber.as_view(),
        name="invoice_purchase_order",
    ),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/void",
        api.InvoiceVoid.as_view(),
        name="void_invoice",
    ),
]
