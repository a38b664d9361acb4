"""Routes of the audit log."""

from django.urls import path

from organizations.audit import views

urlpatterns = [
    path("o/<int:organization_id>/activity/", views.audit, name="audit"),
    path("o/<int:organization_id>/activity/export/", views.export, name="export_audit"),
    path("o/<int:organization_id>/activity/check/", views.check, name="check_audit"),
    path("o/<int:organization_id>/activity/<int:event_id>/", views.event, name="audit_event"),
]
