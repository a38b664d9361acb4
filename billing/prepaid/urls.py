"""Pages of the prepaid account."""

from django.urls import path

from billing.prepaid import views

urlpatterns = [
    path("o/<int:organization_id>/billing/prepaid/", views.prepaid, name="prepaid"),
    path("o/<int:organization_id>/billing/prepaid/top-up/", views.top_up, name="top_up"),
]
