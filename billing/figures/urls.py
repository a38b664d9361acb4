"""Routes of the figures."""

from django.urls import path

from billing.figures import views

OWN = "o/<int:organization_id>/billing/figures"

urlpatterns = [
    path(f"{OWN}/", views.figures, name="figures"),
    path(f"{OWN}/spending/", views.export_spend, name="export_spend"),
    path(f"{OWN}/forecast/", views.export_forecast, name="export_forecast"),
]
