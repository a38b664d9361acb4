"""Routes of the back office's lists."""

from django.urls import path

from billing.backoffice import views

urlpatterns = [
    path("staff/orders/", views.orders, name="staff_orders"),
    path("staff/orders/csv/", views.orders_csv, name="staff_orders_csv"),
    path("staff/paid-not-set-up/", views.unfulfilled, name="staff_unfulfilled"),
    path("staff/vat/countries/", views.differing, name="staff_vat_countries"),
    path("staff/vat/countries/csv/", views.differing_csv, name="staff_vat_countries_csv"),
    path("staff/paid-not-set-up/retry/", views.retry, name="staff_unfulfilled_retry"),
]
