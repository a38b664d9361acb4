"""Routes of the back office's pages of VAT."""

from django.urls import path

from billing.tax import views

urlpatterns = [
    path("staff/vat/", views.rates, name="staff_vat"),
    path("staff/vat/add/", views.add, name="staff_vat_add"),
    path("staff/vat/history/", views.history, name="staff_vat_history"),
    path("staff/vat/scheme/", views.scheme, name="staff_vat_scheme"),
    path("staff/vat/places/<slug:country>/", views.place, name="staff_vat_place"),
    path("staff/vat/rates/<int:rate_id>/take-back/", views.take_back, name="staff_vat_take_back"),
]
