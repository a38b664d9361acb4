"""Pages of payments."""

from django.urls import path

from billing.payments import link_views, transfer_views, views

urlpatterns = [
    path(
        "o/<int:organization_id>/billing/invoices/<int:invoice_id>/pay/",
        views.pay_invoice,
        name="pay_invoice",
    ),
    path(
        "o/<int:organization_id>/billing/invoices/<int:invoice_id>/transfer/",
        transfer_views.transfer,
        name="invoice_transfer",
    ),
    path("o/<int:organization_id>/billing/payments/<int:attempt_id>/", views.payment, name="payment_return"),
    path(
        "o/<int:organization_id>/billing/payments/<int:attempt_id>/cancel/",
        views.cancel_payment,
        name="cancel_payment",
    ),
    path("pay/<str:key>/", link_views.payment_link, name="payment_link"),
]
