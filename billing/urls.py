"""The pages of billing, room by room (BIL-1)."""

from django.urls import include, path

app_name = "billing"

urlpatterns = [
    path("", include("billing.invoices.urls")),
    path("", include("billing.documents.urls")),
    path("", include("billing.archives.urls")),
    path("", include("billing.profiles.urls")),
    path("", include("billing.receivers.urls")),
    path("", include("billing.payments.urls")),
    path("", include("billing.payment_methods.urls")),
    path("", include("billing.prepaid.urls")),
    path("", include("billing.withdrawals.urls")),
    path("", include("billing.to_pay.urls")),
    path("", include("billing.orders.urls")),
    path("", include("billing.promotions.urls")),
    path("", include("billing.storefront.urls")),
    path("", include("billing.holds.urls")),
    path("", include("billing.backoffice.urls")),
    path("", include("billing.refunds.urls")),
    path("", include("billing.disputes.urls")),
    path("", include("billing.changes.urls")),
    path("", include("billing.restores.urls")),
    path("", include("billing.rehearsal.urls")),
    path("", include("billing.renewals.urls")),
    path("", include("billing.figures.urls")),
    path("", include("billing.bank.urls")),
    path("", include("billing.proof.urls")),
    path("", include("billing.runs.urls")),
    path("", include("billing.tax.urls")),
    path("", include("billing.webhooks.urls")),
]
