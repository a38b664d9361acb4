"""Routes of the wizard that ends an organization."""

from django.urls import path

from organizations.deletion import views

urlpatterns = [
    path("o/<int:organization_id>/settings/delete/", views.deletion, name="deletion"),
    path("o/<int:organization_id>/settings/delete/confirm/", views.delete, name="delete"),
]
