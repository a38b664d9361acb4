"""API routes of deleting an organization."""

from django.urls import path

from organizations.deletion import api

urlpatterns = [
    path("organizations/<organization>/deletion", api.DeletionConditions.as_view(), name="deletion"),
]
