"""The REST operations of billing, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("billing.invoices.api_urls")),
    path("", include("billing.documents.api_urls")),
    path("", include("billing.archives.api_urls")),
    path("", include("billing.profiles.api_urls")),
    path("", include("billing.receivers.api_urls")),
    path("", include("billing.payments.api_urls")),
    path("", include("billing.payment_methods.api_urls")),
    path("", include("billing.prepaid.api_urls")),
    path("", include("billing.withdrawals.api_urls")),
    path("", include("billing.to_pay.api_urls")),
    path("", include("billing.orders.api_urls")),
    path("", include("billing.promotions.api_urls")),
    path("", include("billing.storefront.api_urls")),
    path("", include("billing.holds.api_urls")),
    path("", include("billing.refunds.api_urls")),
    path("", include("billing.changes.api_urls")),
    path("", include("billing.restores.api_urls")),
    path("", include("billing.rehearsal.api_urls")),
    path("", include("billing.renewals.api_urls")),
    path("", include("billing.figures.api_urls")),
]
