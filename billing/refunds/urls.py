"""Pages of refunds: the back office's (BIL-14)."""

from django.urls import path

from billing.refunds import staff_views

urlpatterns = [
    path("staff/refunds/", staff_views.refunds, name="staff_refunds"),
    path("staff/refunds/csv/", staff_views.refunds_csv, name="staff_refunds_csv"),
    path("staff/refunds/new/", staff_views.choose_invoice, name="staff_refund_choose"),
    path("staff/refunds/new/<int:invoice_id>/", staff_views.refund, name="staff_refund"),
]
