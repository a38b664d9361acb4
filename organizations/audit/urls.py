"""Routes of the audit log."""

from django.urls import path

from organizations.audit import views

urlpatterns = [path("o/<int:organization_id>/activity/", views.audit, name="audit")]
