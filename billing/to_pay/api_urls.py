"""REST operations on what is to be paid."""

from django.urls import path

from billing.to_pay import api

urlpatterns = [
    path("organizations/<organization>/to-pay", api.ToPayList.as_view(), name="to_pay"),
    path("organizations/<organization>/to-pay/quote", api.ToPayQuote.as_view(), name="to_pay_quote"),
    path(
        "organizations/<organization>/invoices/<int:invoice_id>/release",
        api.SelectionRelease.as_view(),
        name="release_selection",
    ),
]
