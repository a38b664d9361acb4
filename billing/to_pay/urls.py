"""The page *To pay*."""

from django.urls import path

from billing.to_pay import views

urlpatterns = [
    path("o/<int:organization_id>/billing/to-pay/", views.to_pay, name="to_pay"),
    path("o/<int:organization_id>/billing/to-pay/select/", views.select, name="to_pay_select"),
    path(
        "o/<int:organization_id>/billing/to-pay/<int:invoice_id>/release/",
        views.release,
        name="release_selection",
    ),
]
